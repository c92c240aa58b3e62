// PyTorch promotes a mask to the elements of the other operand.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<4>>::ones();
    let y = x.gt(0.5) * x;
    println!("{y}");
}
