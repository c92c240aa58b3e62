// PyTorch: "expected input[8, 6, 4, 4] to have 8 channels, but got 6 channels instead", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 3, 4, 4>)]
struct Net {
    conv: Conv2d<8, 2, 3>,
}

impl<const B: usize> Forward<Rank4<B, 3, 4, 4>> for Net {
    type Output = Rank4<B, 2, 2, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 3, 4, 4>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call((x.clone(), x).cat::<1>()).with_shape()
    }
}

fn main() {}
