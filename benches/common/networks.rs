//! The networks that several benchmarks run.

use typegrad::prelude::*;

/// 4-32-32-1, as for a controller or a curve.
pub type TinyMlp = (Linear<4, 32>, Relu, Linear<32, 32>, Relu, Linear<32, 1>);

/// 784-512-512-10, for the digits of MNIST.
pub type MnistMlp = (Linear<784, 512>, Relu, Linear<512, 512>, Relu, Linear<512, 10>);

/// Two convolutions for images of 28 x 28.
pub type Cnn =
    (Conv2d<1, 16, 3>, Relu, MaxPool2d<2>, Conv2d<16, 32, 3>, Relu, MaxPool2d<2>, Flatten, Linear<800, 10>);

pub const VOCABULARY: usize = 64;
pub const CONTEXT: usize = 64;
pub const WIDTH: usize = 128;
const HEADS: usize = 4;
const HIDDEN: usize = 4 * WIDTH;

/// A decoder-only transformer with learned positions and blocks that normalize first.
#[derive(Module)]
pub struct Gpt<const LAYERS: usize> {
    tokens: Embedding<VOCABULARY, WIDTH>,
    #[module(init = Tensor::zeros().into())]
    positions: Param<Rank2<CONTEXT, WIDTH>>,
    #[module(init = std::array::from_fn(|_| {
        TransformerEncoderLayer::new(rng).causal().norm_first().gelu().dropout(0.0)
    }))]
    blocks: [TransformerEncoderLayer<WIDTH, HEADS, HIDDEN>; LAYERS],
    norm: LayerNorm<WIDTH>,
    head: Linear<WIDTH, VOCABULARY>,
}

impl<const B: usize, const LAYERS: usize> Forward<Rank2<B, CONTEXT>, f32, i64> for Gpt<LAYERS> {
    type Output = Rank3<B, CONTEXT, VOCABULARY>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, CONTEXT>, M, i64>) -> impl Traced<Self::Output, M> {
        let x = self.tokens.call(x) + &self.positions;
        let x = self.blocks.call(x);
        let x = self.norm.call(x);
        self.head.call(x)
    }
}
