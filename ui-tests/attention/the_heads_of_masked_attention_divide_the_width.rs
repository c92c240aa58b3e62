// A check finds heads that do not divide the width where attention has a mask; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
struct Net<const HEADS: usize> {
    attn: MultiheadAttention<10, HEADS>,
}

impl<const B: usize, const HEADS: usize> Forward<Rank3<B, 5, 10>> for Net<HEADS> {
    type Output = Rank3<B, 5, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
        self.attn.call_masked(x, Mask::causal())
    }
}

typegrad::check!(Net<3>, Rank3<2, 5, 10>);

fn main() {}
