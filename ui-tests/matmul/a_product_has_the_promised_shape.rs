// PyTorch returns a tensor of another shape than the reader expects.
use typegrad::prelude::*;

#[derive(Module)]
struct Scores {
    #[module(init = Param::new(Tensor::randn(rng)))]
    keys: Param<Rank2<8, 16>>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Scores {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        x.matmul(&self.keys)
    }
}

fn main() {}
