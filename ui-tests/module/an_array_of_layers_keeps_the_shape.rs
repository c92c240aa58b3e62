// PyTorch raises when it runs: "mat1 and mat2 shapes cannot be multiplied (2x8 and 16x16)".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 8>,
    blocks: [(Linear<16, 16>, Relu); 3],
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 16>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.blocks.call(self.fc.call(x))
    }
}

fn main() {}
