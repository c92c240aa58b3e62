// PyTorch's `torch.zeros(2, 3, dtype=torch.bool)`.
use typegrad::prelude::*;

fn main() {
    println!("{}", Tensor::<Rank2<2, 3>, bool>::zeros());
}
