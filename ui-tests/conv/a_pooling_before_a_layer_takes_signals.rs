// Pooling before a layer takes an axis of channels, and the layer is not reported. torch pools a matrix as one signal of several channels.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    head: Linear<8, 3>,
}

impl Forward<Rank2<4, 16>> for Net {
    type Output = Rank2<4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 16>, M>) -> impl Traced<Self::Output, M> {
        let x = x.max_pool1d::<2, 2, 0, 1>();
        self.head.call(x)
    }
}

fn main() {}
