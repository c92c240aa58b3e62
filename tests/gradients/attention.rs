//! Attention and the layers of transformers.

use crate::check::layers;
use typegrad::nn::{Biases, NoBias, WithBias, WithoutBias};
use typegrad::prelude::*;

type X = Rank3<2, 3, 4>;
type Encoder = TransformerEncoderLayer<4, 2, 5, f64>;

/// The first example has three words, the second two.
fn padding() -> Tensor<Rank2<2, 3>, bool> {
    Tensor::from([[false, false, false], [false, false, true]])
}

/// Self-attention with a mask of each kind.
#[derive(Module)]
struct Masked {
    attn: MultiheadAttention<4, 2, f64>,
}

impl Forward<X, f64> for Masked {
    type Output = X;
    fn forward<M: Mode>(&self, x: Input<X, M, f64>) -> impl Traced<X, M, f64> {
        let bias = Tensor::<Rank2<3, 3>, f64>::randn(&mut Rng::seed(5));
        let barred = Tensor::from([[false, true, false], [false, false, false], [false, false, true]]);
        self.attn.call_masked(x, Mask::none().added(&bias).forbidden(&barred).key_padding(&padding()))
    }
}

/// Cross-attention of the first two rows to the other three.
#[derive(Module)]
struct Cross<P: Biases = WithBias> {
    attn: MultiheadAttention<4, 2, f64, P>,
}

impl<P: Biases> Forward<Rank3<2, 5, 4>, f64> for Cross<P> {
    type Output = Rank3<2, 2, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 5, 4>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let (x, memory) = x.split::<1, Rank2<2, 3>>();
        self.attn.call_with(x, memory, Mask::none().key_padding(&padding()))
    }
}

/// Attention of two rows to keys of width 2 and values of width 3, which are in the same input.
#[derive(Module)]
struct Wide<P: Biases = WithBias> {
    attn: MultiheadCrossAttention<4, 2, 2, 3, f64, P>,
}

impl<P: Biases> Forward<Rank3<2, 3, 9>, f64> for Wide<P> {
    type Output = Rank3<2, 2, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 3, 9>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let query = x.clone().narrow::<1, 0, 2>().narrow::<2, 0, 4>();
        let (key, value) = (x.clone().narrow::<2, 4, 2>(), x.narrow::<2, 6, 3>());
        self.attn.call_with(query, key, value, Mask::none().key_padding(&padding()))
    }
}

/// The weights of the first two rows for the other three.
#[derive(Module)]
struct Weights {
    attn: MultiheadAttention<4, 2, f64>,
}

impl Forward<Rank3<2, 5, 4>, f64> for Weights {
    type Output = Rank4<2, 2, 2, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 5, 4>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let part = || (x.clone().narrow::<1, 0, 2>(), x.clone().narrow::<1, 2, 3>());
        let mask = Mask::none().key_padding(&padding());
        let (query, memory) = part();
        // With the result, so that every parameter is used.
        let y = self.attn.call_with(query, memory, mask.clone()).sum();
        let (query, memory) = part();
        self.attn.call_weights(query, memory, mask) + y
    }
}

/// An encoder layer with padding.
#[derive(Module)]
struct MaskedEncoder {
    layer: Encoder,
}

impl Forward<X, f64> for MaskedEncoder {
    type Output = X;
    fn forward<M: Mode>(&self, x: Input<X, M, f64>) -> impl Traced<X, M, f64> {
        self.layer.call_masked(x, Mask::causal().key_padding(&padding()))
    }
}

/// A decoder layer on the first two rows, whose memory is the others.
#[derive(Module)]
struct Decoding<P: Biases = WithBias> {
    layer: TransformerDecoderLayer<4, 2, 5, f64, P>,
}

impl<P: Biases> Forward<Rank3<2, 5, 4>, f64> for Decoding<P> {
    type Output = Rank3<2, 2, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 5, 4>, M, f64>) -> impl Traced<Self::Output, M, f64> {
        let (x, memory) = x.split::<1, Rank2<2, 3>>();
        self.layer.call_masked(x, memory, Mask::causal(), Mask::none().key_padding(&padding()))
    }
}

#[test]
fn multihead_attention() {
    layers! { Train:
        MultiheadAttention<4, 2, f64>, X;
        MultiheadAttention<3, 1, f64>, Rank2<4, 3>, |attn| attn.causal();
        MultiheadAttention<4, 2, f64>, X, |attn| attn.dropout(0.3);
        Masked, X;
        NoBias<MultiheadAttention<4, 2, f64>>, X;
        Cross, Rank3<2, 5, 4>;
        Cross<WithoutBias>, Rank3<2, 5, 4>;
        Wide<WithoutBias>, Rank3<2, 3, 9>;
        Wide, Rank3<2, 3, 9>;
        Wide, Rank3<2, 3, 9>, |net| Wide { attn: net.attn.dropout(0.3) };
        Weights, Rank3<2, 5, 4>;
        Weights, Rank3<2, 5, 4>, |net| Weights { attn: net.attn.dropout(0.3) };
    }
    layers! { Eval: MultiheadAttention<4, 2, f64>, X, |attn| attn.dropout(0.3); }
}

#[test]
fn encoder_layers() {
    layers! { Train:
        Encoder, X, |layer| layer.dropout(0.0);
        Encoder, X, |layer| layer.causal().norm_first().gelu();
        MaskedEncoder, X;
        NoBias<Encoder>, X, |layer| layer.norm_first().dropout(0.3);
        [Encoder; 2], Rank3<1, 3, 4>, |layers| layers.map(|layer| layer.gelu().dropout(0.2));
    }
    layers! { Eval: Encoder, X; }
}

#[test]
fn decoder_layers() {
    layers! { Train:
        Decoding, Rank3<2, 5, 4>;
        Decoding<WithoutBias>, Rank3<2, 5, 4>;
        Decoding, Rank3<2, 5, 4>, |net| Decoding { layer: net.layer.norm_first().gelu().dropout(0.0) };
    }
}
