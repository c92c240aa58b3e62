// Data of f64, NumPy's default, in a loop over a loader. PyTorch: "mat1 and mat2 must have the same dtype", when it runs.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let examples = vec![([0.5_f64, 1.0], 1_i64), ([1.0, 0.5], 0)];
    let net = <(Linear<2, 8>, Relu, Linear<8, 2>)>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<2>().epoch(&mut Rng::seed(0)) {
        net.train(x).cross_entropy(&y).backward();
    }
}
