// PyTorch: "shape '[2, 3136]' is invalid for input of size 18432", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<2, 1, 28, 28>)]
struct Cnn {
    conv: Conv2d<1, 64, 5, 2>,
}

impl<const B: usize> Forward<Rank4<B, 1, 28, 28>> for Cnn {
    type Output = Rank2<B, 3136>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 28, 28>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call(x).relu().reshape::<Rank2<B, 3136>>()
    }
}

fn main() {}
