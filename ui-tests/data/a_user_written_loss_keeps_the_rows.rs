// A loss that is reduced over all rows, real or not. `.mean()` after the closure counts the real ones.
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

fn main() {
    let loader = vec![([1.0_f32, 2.0], [3.0_f32]); 5].batches::<4>();
    let net = Linear::<2, 1>::new(&mut Rng::seed(0));
    for Batch { data: (x, y), .. } in loader.in_order() {
        let loss = net.train(x).zip(y, |x, y| (x - y).powi(4).mean());
        let _ = loss;
    }
}
