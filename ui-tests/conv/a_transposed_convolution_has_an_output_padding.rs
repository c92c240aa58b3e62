// PyTorch: "The size of tensor a (27) must match the size of tensor b (28) at non-singleton dimension 3", in the loss.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<4, 1, 28, 28>)]
struct Auto {
    down: Conv2d<1, 8, 3, 2>,
    up: ConvTranspose2d<8, 1, 3, 2>,
}

impl<const B: usize> Forward<Rank4<B, 1, 28, 28>> for Auto {
    type Output = Rank4<B, 1, 28, 28>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 28, 28>, M>) -> impl Traced<Self::Output, M> {
        self.up.call(self.down.call(x).relu()).with_shape()
    }
}

fn main() {}
