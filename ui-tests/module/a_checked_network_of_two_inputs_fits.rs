// PyTorch: "mat1 and mat2 shapes cannot be multiplied (32x144 and 100x8)", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(inputs = (Rank4<32, 1, 8, 8>, Rank2<32, 3>))]
struct Pair {
    conv: Conv2d<1, 4, 3>,
    image: Linear<100, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank4<B, 1, 8, 8>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, x: Shared<Rank4<B, 1, 8, 8>, M>, y: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        let x = self.conv.call(x).flatten_axes::<1, -1>();
        self.image.call(x) + self.text.call(y)
    }
}

fn main() {}
