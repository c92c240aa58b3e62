// PyTorch: "The size of tensor a (4) must match the size of tensor b (3)", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<1, 2, 3, 3>)]
struct Net {
    up: ConvTranspose2d<2, 4, 2>,
    #[module(init = Param::new(Tensor::zeros()))]
    shift: Param<Rank1<3>>,
}

impl<const B: usize> Forward<Rank4<B, 2, 3, 3>> for Net {
    type Output = Rank4<B, 4, 4, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 2, 3, 3>, M>) -> impl Traced<Self::Output, M> {
        let (a, b) = (self.up.call(x.clone()), self.up.call(x));
        (a, b).cat::<1>().add_channels(&self.shift).with_shape()
    }
}

fn main() {}
