// Padding is marked for each example; PyTorch raises "expecting key_padding_mask shape of (3, 5), but got [5, 3]".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attn: MultiheadAttention<8, 2>,
}

impl Forward<Rank3<3, 5, 8>> for Net {
    type Output = Rank3<3, 5, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<3, 5, 8>, M>) -> impl Traced<Self::Output, M> {
        let padding = Tensor::<Rank2<5, 3>, bool>::full(false);
        self.attn.call_masked(x, Mask::causal().key_padding(&padding))
    }
}

fn main() {}
