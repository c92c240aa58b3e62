// A convolution before a layer takes images, and the layer is not reported. torch: Expected 3D or 4D input to conv2d.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    #[module(init = Param::new(Tensor::randn(rng)))]
    weight: Param<Rank4<8, 4, 3, 3>>,
    head: Linear<8, 3>,
}

impl Forward<Rank2<4, 8>> for Net {
    type Output = Rank2<4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.conv2d::<Conv, _>(&self.weight);
        self.head.call(x)
    }
}

fn main() {}
