// PyTorch: `torch.arange(6)` is a vector; a matrix of these numbers is its `reshape`.
use typegrad::prelude::*;

fn main() {
    let _ = Tensor::<Rank2<2, 3>>::arange();
}
