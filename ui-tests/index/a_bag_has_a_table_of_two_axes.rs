// PyTorch: "weight has to be a 2D Tensor", while the program runs.
use typegrad::prelude::*;

fn main() {
    let table = Tensor::<Rank3<10, 4, 4>>::ones();
    let bags = Tensor::from([[0, 1], [2, 3]]);
    println!("{}", table.embedding_bag(&bags, BagMode::Mean, None));
}
