// PyTorch: silent, and the pixels are scattered over the channels.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 28, 28, 3>)]
struct Net {
    conv: Conv2d<3, 16, 3, 1, 1>,
}

impl<const B: usize> Forward<Rank4<B, 28, 28, 3>> for Net {
    type Output = Rank4<B, 16, 28, 28>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 28, 28, 3>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call(x.reshape::<Rank4<B, 3, 28, 28>>()).with_shape()
    }
}

fn main() {}
