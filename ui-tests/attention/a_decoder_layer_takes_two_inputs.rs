// PyTorch raises when it runs: "forward() missing 1 required positional argument: 'memory'".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    layer: TransformerDecoderLayer<8, 2, 16>,
}

impl<const B: usize> Forward<Rank3<B, 5, 8>> for Net {
    type Output = Rank3<B, 5, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 8>, M>) -> impl Traced<Self::Output, M> {
        self.layer.call(x)
    }
}

fn main() {}
