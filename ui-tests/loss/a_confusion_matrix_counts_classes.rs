// torchmetrics takes scores, too, and computes their argmax.
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let scores = Linear::<8, 3>::new(rng).infer(Tensor::<Rank2<4, 8>>::randn(rng));
    let mut confusion = typegrad::metrics::ConfusionMatrix::<3>::new();
    confusion.update(&scores, &Tensor::from([0, 1, 2, 0]));
    println!("{confusion}");
}
