//! A kernel that is larger than its input is one error, not a second one at the shape that follows.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let conv = Conv1d::<1, 2, 5>::new(&mut Rng::seed(0));
    let y: Tensor<Rank3<1, 2, 1>> = conv.infer(Tensor::<Rank3<1, 1, 4>>::ones()).with_shape();
    println!("{y}");
}
