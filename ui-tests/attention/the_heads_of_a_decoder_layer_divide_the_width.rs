// A check finds heads of a decoder layer that do not divide its width; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
struct Net<const HEADS: usize> {
    decoder: TransformerDecoderLayer<10, HEADS, 16>,
}

impl<const B: usize, const HEADS: usize> Forward<Rank3<B, 5, 10>> for Net<HEADS> {
    type Output = Rank3<B, 5, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
        self.decoder.call_with(x.clone(), x)
    }
}

typegrad::check!(Net<3>, Rank3<2, 5, 10>);

fn main() {}
