// PyTorch: "mat1 and mat2 shapes cannot be multiplied (32x9216 and 3136x10)", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<32, 1, 28, 28>)]
struct Cnn {
    conv: Conv2d<1, 64, 5>,
    pool: MaxPool2d<2>,
    fc: Linear<3136, 10>,
}

impl<const B: usize> Forward<Rank4<B, 1, 28, 28>> for Cnn {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 28, 28>, M>) -> impl Traced<Self::Output, M> {
        let x = self.pool.call(self.conv.call(x).relu());
        self.fc.call(x.flatten_axes::<1, -1>())
    }
}

fn main() {}
