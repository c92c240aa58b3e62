// A decoder after an encoder of another width. PyTorch reports the widths while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Decoder {
    out: Linear<3, 8>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Decoder {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.out.call(x)
    }
}

fn main() {
    let rng = &mut Rng::seed(0);
    let (encoder, decoder) = (Linear::<8, 4>::new(rng), Decoder::new(rng));
    let x = Tensor::<Rank2<16, 8>>::randn(rng);
    decoder.train(encoder.train(x.clone())).mse_loss(&x).backward();
}
