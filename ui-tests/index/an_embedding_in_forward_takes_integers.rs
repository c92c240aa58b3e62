// PyTorch raises when it runs: "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    emb: Embedding<100, 8>,
    fc: Linear<8, 2>,
}

impl<const B: usize> Forward<Rank2<B, 5>> for Net {
    type Output = Rank3<B, 5, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 5>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(self.emb.call(x))
    }
}

fn main() {}
