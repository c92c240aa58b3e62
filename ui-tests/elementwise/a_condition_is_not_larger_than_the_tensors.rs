// PyTorch's `where` stretches the tensors to the condition, implicitly.
use typegrad::prelude::*;

fn main() {
    let condition = Tensor::<Rank2<2, 4>, bool>::full(true);
    let x = Tensor::<Rank1<4>>::ones();
    println!("{}", x.where_(condition, 0.0));
}
