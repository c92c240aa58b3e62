// PyTorch has no signature to break.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 3>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 5>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {}
