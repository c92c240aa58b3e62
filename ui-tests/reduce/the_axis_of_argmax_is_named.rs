// PyTorch: x.argmax() is the index among all elements.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::zeros();
    println!("{}", scores.argmax_axis());
}
