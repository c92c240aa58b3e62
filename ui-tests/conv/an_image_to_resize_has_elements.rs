// PyTorch: "Input and output sizes should be greater than 0", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 0, 4>)]
struct Net {
    conv: Conv2d<3, 16, 1>,
}

impl<const B: usize> Forward<Rank4<B, 3, 0, 4>> for Net {
    type Output = Rank4<B, 16, 2, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 0, 4>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call(x.interpolate::<2, 2, NearestMode>()).with_shape()
    }
}

fn main() {}
