// PyTorch's `torch.tensor(list(..))` counts the elements.
use typegrad::prelude::*;

fn main() {
    let x: Tensor<Rank1<4>> = (0..4_u8).map(f32::from).collect();
    println!("{x}");
}
