// PyTorch's `x.permute(1, 0)` has its axes as arguments.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 4>>::ones().permute(1, 0);
    println!("{x}");
}
