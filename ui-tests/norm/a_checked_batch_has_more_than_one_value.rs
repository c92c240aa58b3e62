// PyTorch: "Expected more than 1 value per channel when training", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<1, 4>)]
struct Net {
    fc: Linear<4, 8>,
    norm: BatchNorm1d<8>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.norm.call(self.fc.call(x))
    }
}

fn main() {}
