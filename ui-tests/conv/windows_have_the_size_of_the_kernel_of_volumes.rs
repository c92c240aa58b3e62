// PyTorch takes the size of the kernel from the weight alone.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank5<2, 3, 4, 8, 8>)]
struct Net {
    #[module(init = Param::new(Tensor::randn(rng)))]
    weight: Param<Rank5<16, 3, 3, 3, 1>>,
}

impl<const B: usize> Forward<Rank5<B, 3, 4, 8, 8>> for Net {
    type Output = Rank5<B, 16, 4, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank5<B, 3, 4, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        x.conv3d_rect::<Window<1>, Window<3, 1, 1>, Window<3, 1, 1>, 1, _>(&self.weight).with_shape()
    }
}

fn main() {}
