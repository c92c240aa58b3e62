// A network that is checked reports the heads of its layer at the field, and not again at its input; PyTorch raises in the constructor.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 5, 10>)]
struct Net {
    attn: MultiheadAttention<10, 3>,
}

impl<const B: usize> Forward<Rank3<B, 5, 10>> for Net {
    type Output = Rank3<B, 5, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
        self.attn.call(x)
    }
}

fn main() {}
