// PyTorch's DistributedDataParallel runs `loss.backward()`, and needs no result.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;
use typegrad::train::DataParallel;

fn main() {
    let mut net = Linear::<4, 1>::new(&mut Rng::seed(0));
    let examples = vec![([1.0_f32; 4], [1.0_f32]); 16];
    for shards in examples.batches::<4>().shards::<2>().epoch(&mut Rng::seed(1)) {
        DataParallel::new(2).backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
            net.train(x).mse_loss(&y).backward();
        });
    }
}
