// PyTorch: F.softmax(x) warns and guesses the axis, x.softmax() is a TypeError.
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<4, 10>>::zeros();
    println!("{}", scores.softmax());
}
