// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x60 and 64x10)", a layer later, while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 4, 5>)]
struct Net {
    fc: Linear<64, 10>,
}

impl<const B: usize> Forward<Rank4<B, 3, 4, 5>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 4, 5>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x.flatten_axes::<1, -1>().with_shape::<Rank2<B, 64>>())
    }
}

fn main() {}
