// PyTorch: nothing. The layer before the `detach` gets no gradient.
use typegrad::prelude::*;

#[derive(Module)]
#[module(inputs = (Rank2<32, 2>, Rank2<32, 3>))]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, x: Shared<Rank2<B, 2>, M>, y: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.image.call(x) + self.text.call(y).detach()
    }
}

fn main() {}
