// PyTorch runs this, because autograd counts the uses while the program runs.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let examples = vec![([1.0_f32; 4], [1.0_f32]); 10];
    for Batch { data: (x, y), .. } in examples.batches::<4>().in_order() {
        let p = net.train(x);
        (p.mse_loss(&y) + p.l1_loss(&y)).backward();
    }
}
