// PyTorch: "max(): Expected reduction dim 0 to have non-zero size", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<0, 4>)]
struct Net {
    fc: Linear<4, 8>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank1<8>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x).max_axis::<0>()
    }
}

fn main() {}
