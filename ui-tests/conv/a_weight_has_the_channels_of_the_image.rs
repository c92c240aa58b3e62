// PyTorch: "expected input[8, 3, 28, 28] to have 4 channels, but got 3 channels instead", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 28, 28>)]
struct Net {
    #[module(init = Param::new(Tensor::randn(rng)))]
    weight: Param<Rank4<16, 2, 3, 3>>,
}

impl<const B: usize> Forward<Rank4<B, 3, 28, 28>> for Net {
    type Output = Rank4<B, 16, 26, 26>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 28, 28>, M>) -> impl Traced<Self::Output, M> {
        x.conv2d::<Conv<1, 0, 1, 2>, _>(&self.weight).with_shape()
    }
}

fn main() {}
