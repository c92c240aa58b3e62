// PyTorch: "The size of tensor a (6) must match the size of tensor b (4) at non-singleton dimension 3", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<2, 1, 8, 8>)]
struct Net {
    small: Conv2d<1, 2, 5>,
    large: Conv2d<1, 2, 3>,
}

impl<const B: usize> Forward<Rank4<B, 1, 8, 8>> for Net {
    type Output = Rank4<B, 2, 6, 6>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let mask = self.small.call(x.clone()).gt(0.0);
        self.large.call(x).where_(mask, 0.0).with_shape()
    }
}

fn main() {}
