// PyTorch: "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got:
// Bool".
use typegrad::prelude::*;

fn main() {
    let scores = Tensor::<Rank2<32, 10>>::ones();
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let right = scores.argmax_axis::<-1>().eq(&labels);
    println!("{}", right.mean());
}
