// A mask has the shape of the scores; PyTorch: "The shape of the 2D attn_mask is [4, 5], but should be (5, 5)".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attn: MultiheadAttention<8, 2>,
}

impl Forward<Rank3<3, 5, 8>> for Net {
    type Output = Rank3<3, 5, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<3, 5, 8>, M>) -> impl Traced<Self::Output, M> {
        let mask = Tensor::<Rank2<4, 5>, bool>::full(false);
        self.attn.call_masked(x, Mask::none().forbidden(&mask))
    }
}

fn main() {}
