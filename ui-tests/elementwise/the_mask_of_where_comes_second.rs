// PyTorch's `torch.where(mask, a, b)`.
use typegrad::prelude::*;

fn main() {
    let a = Tensor::<Rank2<2, 3>>::ones();
    let b = Tensor::<Rank2<2, 3>>::zeros();
    let mask = a.gt(0.5);
    let y: Tensor<Rank2<2, 3>> = mask.where_(a, b);
    println!("{y}");
}
