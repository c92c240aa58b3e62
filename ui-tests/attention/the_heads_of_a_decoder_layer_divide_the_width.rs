// A check finds heads of a decoder layer that do not divide its width; PyTorch raises "embed_dim must be divisible by num_heads".
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 5, 10>)]
struct Net {
    decoder: TransformerDecoderLayer<10, 3, 16>,
}

impl<const B: usize> Forward<Rank3<B, 5, 10>> for Net {
    type Output = Rank3<B, 5, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 10>, M>) -> impl Traced<Self::Output, M> {
        self.decoder.call_with(x.clone(), x)
    }
}

fn main() {}
