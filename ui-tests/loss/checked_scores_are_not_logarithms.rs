// PyTorch: silent, NLLLoss of scores falls without a bound.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<2, 4>, loss = NllLoss)]
struct Net {
    fc1: Linear<4, 8>,
    fc2: Linear<8, 3>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc2.call(self.fc1.call(x).relu())
    }
}

fn main() {}
