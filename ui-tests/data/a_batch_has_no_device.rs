// PyTorch: works, in each loop over a loader.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let device = "cuda";
    let examples = vec![([1.0_f32, 2.0], [3.0_f32]); 50];
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in examples.batches::<32>().in_order() {
        net.train(x.to(device)).mse_loss(y).backward();
    }
}
