// One tensor as both inputs of a module inside another one. PyTorch reports the widths while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, image: Shared<Rank2<B, 2>, M>, text: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.image.call(image) + self.text.call(text)
    }
}

#[derive(Module)]
struct Net {
    pair: Pair,
    head: Linear<8, 1>,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Net {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        let hidden = self.pair.call2(x.clone(), x);
        self.head.call(hidden)
    }
}

fn main() {}
