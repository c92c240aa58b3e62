// PyTorch: torch.cat([x, y]) joins along axis 0.
use typegrad::prelude::*;

fn main() {
    let (x, y) = (Tensor::<Rank2<4, 10>>::zeros(), Tensor::<Rank2<2, 10>>::ones());
    let z = (x, y).cat();
    println!("{z}");
}
