// A `;` discards the result. PyTorch: without `return`, the result is None, which the loss reports.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 2>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x);
    }
}

fn main() {}
