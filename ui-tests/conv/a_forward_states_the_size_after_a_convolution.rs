// PyTorch has no signature to break.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank4<2, 1, 8, 8>)]
struct Net {
    conv: Conv2d<1, 4, 3>,
}

impl<const B: usize> Forward<Rank4<B, 1, 8, 8>> for Net {
    type Output = Rank4<B, 4, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank4<B, 1, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        self.conv.call(x).with_shape()
    }
}

fn main() {
    let _ = Net::new(&mut Rng::seed(0)).infer(Tensor::<Rank4<2, 1, 8, 8>>::ones());
}
