// PyTorch: "tensors used as indices must be long, int, byte or bool tensors".
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank1<3>>::ones();
    println!("{}", x[&x]);
}
