// PyTorch: "Boolean value of Tensor with more than one value is ambiguous", while the program runs.
use typegrad::prelude::*;

fn main() {
    let losses = Tensor::<Rank1<32>>::ones();
    if losses > 0.5 {
        println!("still too high");
    }
}
