// A softmax before a layer is along an axis of its input, and the layer is not reported. torch: IndexError: Dimension out of range.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    weights: (Linear<8, 16>, Softmax<2>),
    head: Linear<16, 3>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Net {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = self.weights.call(x);
        self.head.call(x)
    }
}

fn main() {}
