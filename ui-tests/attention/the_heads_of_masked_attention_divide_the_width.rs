// A check finds heads that do not divide the width where attention has a mask; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 5, 10>)]
struct Net {
    attn: MultiheadAttention<10, 3>,
}

impl<const B: usize> Forward<Rank3<B, 5, 10>> for Net {
    type Output = Rank3<B, 5, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
        self.attn.call_masked(x, Mask::causal())
    }
}

fn main() {}
