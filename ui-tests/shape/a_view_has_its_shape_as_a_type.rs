// PyTorch: works.
use typegrad::prelude::*;

fn main() {
    let images = Tensor::<Rank4<32, 1, 28, 28>>::ones();
    println!("{}", images.view(-1, 784));
}
