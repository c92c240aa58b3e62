// PyTorch: torch.cat([x, y], 1) works.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 3>>::ones();
    let y = Tensor::<Rank2<8, 3>>::zeros();
    let both = Tensor::cat([x, y], 1);
    println!("{both}");
}
