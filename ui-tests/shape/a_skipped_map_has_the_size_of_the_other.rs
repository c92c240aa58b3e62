// PyTorch: "Sizes of tensors must match except in dimension 1. Expected size 30 but got size 26".
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<2, 1, 32, 32>)]
struct Unet {
    down: Conv2d<1, 8, 3>,
    pool: MaxPool2d<2>,
    middle: Conv2d<8, 8, 3>,
    up: ConvTranspose2d<8, 8, 2, 2>,
    head: Conv2d<16, 1, 1>,
}

impl<const B: usize> Forward<Rank4<B, 1, 32, 32>> for Unet {
    type Output = Rank4<B, 1, 30, 30>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 32, 32>, M>) -> impl Traced<Self::Output, M> {
        let skip = self.down.call(x).relu();
        skip.shared(|skip| {
            let y = self.middle.call(self.pool.call(skip.clone())).relu();
            let y = self.up.call(y);
            self.head.call((skip, y).cat::<1>())
        })
        .with_shape()
    }
}

fn main() {
    let net = Unet::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank4<2, 1, 32, 32>>::ones()).sum().backward();
}
