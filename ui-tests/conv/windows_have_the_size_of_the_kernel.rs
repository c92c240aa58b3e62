// PyTorch takes the size of the kernel from the weight alone.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 28, 28>)]
struct Net {
    #[module(init = Param::new(Tensor::randn(rng)))]
    weight: Param<Rank4<16, 3, 7, 1>>,
}

impl<const B: usize> Forward<Rank4<B, 3, 28, 28>> for Net {
    type Output = Rank4<B, 16, 28, 28>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 28, 28>, M>) -> impl Traced<Self::Output, M> {
        x.conv2d_rect::<Window<1>, Window<7, 1, 3>, 1, _>(&self.weight).with_shape()
    }
}

fn main() {}
