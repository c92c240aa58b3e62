// The two shapes in the wrong order. PyTorch: "mat1 and mat2 shapes cannot be multiplied", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(inputs = (Rank2<32, 3>, Rank2<32, 2>), loss = CrossEntropyLoss)]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, x: Shared<Rank2<B, 2>, M>, y: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.image.call(x) + self.text.call(y)
    }
}

fn main() {}
