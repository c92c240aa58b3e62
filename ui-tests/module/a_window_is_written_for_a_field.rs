// PyTorch: "missing 1 required positional argument: 'kernel_size'", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<2, 3, 8, 8>)]
struct Net {
    conv: RectConv2d<3, 16>,
}

impl<const B: usize> Forward<Rank4<B, 3, 8, 8>> for Net {
    type Output = Rank4<B, 16, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call(x).with_shape()
    }
}

fn main() {}
