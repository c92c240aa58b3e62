// PyTorch: torch.stack([x, y]) works.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<8, 3>>::ones();
    let y = Tensor::<Rank2<8, 3>>::zeros();
    let both = Tensor::stack([x, y]);
    println!("{both}");
}
