// PyTorch: x.norm(2, 1) works.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 3>>::ones();
    let lengths = x.norm(2, 1);
    println!("{lengths}");
}
