// An attention takes rows as wide as it is; PyTorch raises "was expecting embedding dimension of 8, but got 6".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attn: MultiheadAttention<8, 2>,
}

impl<const B: usize> Forward<Rank3<B, 5, 6>> for Net {
    type Output = Rank3<B, 5, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 6>, M>) -> impl Traced<Self::Output, M> {
        self.attn.call(x)
    }
}

fn main() {}
