// PyTorch: "Kernel size can't be greater than actual input size", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<8, 1, 4, 4>)]
struct Net {
    conv1: Conv2d<1, 1, 3>,
    conv2: Conv2d<1, 2, 3>,
}

impl<const B: usize> Forward<Rank4<B, 1, 4, 4>> for Net {
    type Output = Rank4<B, 2, 1, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 4, 4>, M>) -> impl Traced<Self::Output, M> {
        let x = self.conv1.call(x).relu();
        self.conv2.call(x).with_shape()
    }
}

fn main() {}
