// PyTorch: torch.cat() raises a TypeError.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let both: Tensor<Rank1<2>> = Tensor::<Rank1<2>>::cat();
    println!("{both}");
}
