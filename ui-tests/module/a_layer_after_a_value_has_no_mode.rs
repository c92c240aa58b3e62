// PyTorch's `detach` in the middle of a network is silent: the layers before it are not trained.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc1: Linear<4, 8>,
    fc2: Linear<8, 2>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        let h = self.fc1.call(x).relu().value();
        self.fc2.call(h)
    }
}

fn main() {}
