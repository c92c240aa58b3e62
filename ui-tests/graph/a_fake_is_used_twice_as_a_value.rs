// PyTorch: "Trying to backward through the graph a second time", while the program runs.
use typegrad::prelude::*;

fn main() {
    let rng = &mut Rng::seed(0);
    let generator = Linear::<8, 64>::new(rng);
    let discriminator = Linear::<64, 1>::new(rng);
    let fake = generator.train(Tensor::<Rank2<32, 8>>::randn(rng));
    let wrong = discriminator.train(fake);
    wrong.binary_cross_entropy_with_logits(Tensor::zeros()).backward();
    let right = discriminator.train(fake);
    right.binary_cross_entropy_with_logits(Tensor::ones()).backward();
}
