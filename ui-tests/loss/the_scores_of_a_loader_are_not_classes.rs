// torchmetrics takes scores, too, and computes their argmax.
use typegrad::prelude::*;

fn main() {
    use typegrad::data::{Batch, Dataset};
    let net = Linear::<2, 3>::new(&mut Rng::seed(0));
    let mut confusion = typegrad::metrics::ConfusionMatrix::<3>::new();
    for Batch { data: (x, y), .. } in vec![([0.0_f32, 1.0], 1_i64); 3].batches::<2>().in_order() {
        confusion.update(&net.infer(x), &y);
    }
}
