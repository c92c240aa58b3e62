// PyTorch's `torch.where(mask, a, b)` has the mask first.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<2, 3>>::ones();
    let mask = x.gt(0.5);
    println!("{}", mask.where_(x, 0.0).sum());
}
