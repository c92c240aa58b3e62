//! Attention, and the layers built from it.

use crate::fixture::{Cases, check, layer};
use typegrad::nn::{Biases, Generator, NoBias, WithBias, WithoutBias};
use typegrad::prelude::*;

const NEVER: f64 = f64::NEG_INFINITY;

#[test]
fn attention() {
    let mut cases = Cases::of("attention");
    functions(&mut cases);
    layers(&mut cases);
    transformers(&mut cases);
    rotary(&mut cases);
    cases.finish();
}

type Q = Rank4<2, 2, 3, 4>;
type K = Rank4<2, 2, 5, 4>;
type V = Rank4<2, 2, 5, 3>;

fn functions(cases: &mut Cases) {
    check!(cases, "scaled_dot_product_attention/plain", |q: Q, k: K, v: V| q.scaled_dot_product_attention(
        k,
        v,
        Mask::none()
    ));
    check!(cases, "scaled_dot_product_attention/causal", |q: Q, k: K, v: V| q.scaled_dot_product_attention(
        k,
        v,
        Mask::causal()
    ));
    check!(
        cases,
        "scaled_dot_product_attention/causal_long",
        |q: Rank4<1, 2, 5, 4>, k: Rank4<1, 2, 3, 4>, v: Rank4<1, 2, 3, 4>| q.scaled_dot_product_attention(
            k,
            v,
            Mask::causal()
        )
    );
    check!(cases, "scaled_dot_product_attention/scale", |q: Q, k: K, v: V| q
        .scaled_dot_product_attention_with(k, v, Mask::none(), 0.3));
    check!(cases, "scaled_dot_product_attention/bool", |q: Q, k: K, v: V; mask: Rank2<3, 5> as bool| {
        q.scaled_dot_product_attention(k, v, Mask::none().allowed(&mask))
    });
    check!(cases, "scaled_dot_product_attention/bool_heads", |q: Q, k: K, v: V; mask: Rank3<2, 3, 5> as bool| {
        q.scaled_dot_product_attention(k, v, Mask::none().allowed(&mask))
    });
    check!(cases, "scaled_dot_product_attention/float", |q: Q, k: K, v: V| {
        let rows = [[0.5, -1.0, 2.0, NEVER, 0.0], [NEVER; 5], [1.0, NEVER, 0.25, 3.0, -2.0]]
            .map(|row| row.map(|x| x as E));
        q.scaled_dot_product_attention(k, v, Mask::none().added(&Tensor::from(rows)))
    });
    check!(
        cases,
        "scaled_dot_product_attention/matrices",
        |q: Rank2<3, 4>, k: Rank2<5, 4>, v: Rank2<5, 2>| q.scaled_dot_product_attention(k, v, Mask::none())
    );
    check!(
        cases,
        "scaled_dot_product_attention/batch",
        |q: Rank3<2, 3, 4>, k: Rank3<2, 5, 4>, v: Rank3<2, 5, 2>| {
            q.scaled_dot_product_attention(k, v, Mask::none())
        }
    );
    check!(cases, "scaled_dot_product_attention/all_dropped", |q: Q, k: K, v: V| {
        q.scaled_dot_product_attention_dropout(k, v, Mask::none(), 1.0, &Generator::seed(0))
    });
    check!(
        cases,
        "scaled_dot_product_attention/one_key",
        |q: Rank4<1, 1, 2, 3>, k: Rank4<1, 1, 1, 3>, v: Rank4<1, 1, 1, 3>| {
            q.scaled_dot_product_attention(k, v, Mask::none())
        }
    );
}

/// A mask that a layer of these tests is run with.
trait Masked<S, E: Element>: Module + Init {
    fn mask(&self) -> Mask<S, E>;
}

macro_rules! masks {
    ($($(#[$doc:meta])* $name:ident: $mask:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        struct $name;
        impl<const B: usize, const H: usize, const T: usize, E: Float> Masked<Rank4<B, H, T, 4>, E> for $name {
            fn mask(&self) -> Mask<Rank4<B, H, T, 4>, E> {
                $mask
            }
        }
    )* };
}

fn rows<const B: usize, const T: usize>(rows: [&str; B]) -> Tensor<Rank2<B, T>, bool> {
    Tensor::from_fn(|i| rows[i / T].as_bytes()[i % T] == b'1')
}

fn padding<const B: usize>(lines: [&str; 2]) -> Tensor<Rank2<B, 4>, bool> {
    let lines: Tensor<Rank2<2, 4>, bool> = rows(lines);
    Tensor::from_fn(|i| lines.as_slice()[i])
}

fn forbidden<const T: usize>() -> Tensor<Rank2<T, 4>, bool> {
    let lines: Tensor<Rank2<4, 4>, bool> = rows(["0100", "0010", "1000", "0001"]);
    Tensor::from_fn(|i| lines.as_slice()[i])
}

/// No mask, for any number of keys.
#[derive(Module)]
struct Unmasked;

impl<const B: usize, const H: usize, const T: usize, const S: usize, E: Float> Masked<Rank4<B, H, T, S>, E>
    for Unmasked
{
    fn mask(&self) -> Mask<Rank4<B, H, T, S>, E> {
        Mask::none()
    }
}

masks! {
    Plain: Mask::none();
    Causal: Mask::causal();
    Padded: Mask::none().key_padding(&padding(["0001", "0011"]));
    AllPadded: Mask::none().key_padding(&padding(["0001", "1111"]));
    Barred: Mask::none().forbidden(&forbidden::<T>());
    BarredAndPadded: Mask::none().forbidden(&forbidden::<T>()).key_padding(&padding(["0001", "0011"]));
    Biased: {
        let rows =
            [[0.0, 1.0, NEVER, 2.0], [1.0, -1.0, 0.5, NEVER], [0.0; 4], [NEVER, NEVER, 3.0, 0.0]];
        Mask::none().added(&Tensor::<Rank2<T, 4>, E>::from_fn(|i| E::from_f64(rows[i / 4][i % 4])))
    };
}

/// Self-attention with a mask.
#[derive(Module)]
struct Own<const D: usize, const HEADS: usize, E: Float, K: Masked<Rank4<2, HEADS, 4, 4>, E>> {
    attn: MultiheadAttention<D, HEADS, E>,
    mask: K,
}

impl<const D: usize, const HEADS: usize, E: Float, K> Forward<Rank3<2, 4, D>, E> for Own<D, HEADS, E, K>
where
    K: Masked<Rank4<2, HEADS, 4, 4>, E>,
{
    type Output = Rank3<2, 4, D>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, D>, M, E>) -> impl Traced<Self::Output, M, E> {
        self.attn.call_masked(x, self.mask.mask())
    }
}

/// Cross-attention of the first three rows to the other four.
#[derive(Module)]
struct Cross<E: Float, K: Masked<Rank4<2, 2, 3, 4>, E>, P: Biases = WithBias> {
    attn: MultiheadAttention<4, 2, E, P>,
    mask: K,
}

impl<E: Float, K: Masked<Rank4<2, 2, 3, 4>, E>, P: Biases> Forward<Rank3<2, 7, 4>, E> for Cross<E, K, P> {
    type Output = Rank3<2, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 7, 4>, M, E>) -> impl Traced<Self::Output, M, E> {
        let (x, memory) = x.split::<1, Rank2<3, 4>>();
        self.attn.call_with(x, memory, self.mask.mask())
    }
}

/// The layer itself, under PyTorch's name.
#[derive(Module)]
struct Bare<E: Float, P: Biases = WithBias> {
    attn: MultiheadAttention<4, 2, E, P>,
}

impl<S: Shape, E: Float, P: Biases> Forward<S, E> for Bare<E, P>
where
    MultiheadAttention<4, 2, E, P>: Forward<S, E>,
{
    type Output = <MultiheadAttention<4, 2, E, P> as Forward<S, E>>::Output;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        self.attn.call(x)
    }
}

/// Attention to keys and values of other widths, which are next to the queries in the input, by the rows of the mask.
#[derive(Module)]
struct Wide<
    const S: usize,
    const VDIM: usize,
    E: Float,
    K: Masked<Rank4<2, 2, 3, S>, E>,
    P: Biases = WithBias,
> {
    attn: MultiheadCrossAttention<4, 2, 3, VDIM, E, P>,
    mask: K,
}

impl<const S: usize, const VDIM: usize, const X: usize, E: Float, K, P> Forward<Rank3<2, S, X>, E>
    for Wide<S, VDIM, E, K, P>
where
    P: Biases,
    K: Masked<Rank4<2, 2, 3, S>, E>,
{
    type Output = Rank3<2, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, S, X>, M, E>) -> impl Traced<Self::Output, M, E> {
        let query = x.clone().narrow::<1, 0, 3>().narrow::<2, 0, 4>();
        let (key, value) = (x.clone().narrow::<2, 4, 3>(), x.narrow::<2, 7, VDIM>());
        self.attn.call_with(query, key, value, self.mask.mask())
    }
}

/// The weights of the attention of the first three rows to the other four.
#[derive(Module)]
struct Weights<E: Float, K: Masked<Rank4<2, 2, 3, 4>, E>, P: Biases = WithBias> {
    attn: MultiheadAttention<4, 2, E, P>,
    mask: K,
}

impl<E: Float, K: Masked<Rank4<2, 2, 3, 4>, E>, P: Biases> Forward<Rank3<2, 7, 4>, E> for Weights<E, K, P> {
    type Output = Rank4<2, 2, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 7, 4>, M, E>) -> impl Traced<Self::Output, M, E> {
        let (x, memory) = x.split::<1, Rank2<3, 4>>();
        self.attn.call_weights(x, memory, self.mask.mask())
    }
}

/// Their average over the heads.
#[derive(Module)]
struct Average<E: Float> {
    attn: MultiheadAttention<4, 2, E>,
}

impl<E: Float> Forward<Rank3<2, 7, 4>, E> for Average<E> {
    type Output = Rank3<2, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 7, 4>, M, E>) -> impl Traced<Self::Output, M, E> {
        let (x, memory) = x.split::<1, Rank2<3, 4>>();
        self.attn.call_weights(x, memory, Mask::none()).mean_axis::<1>()
    }
}

/// `infer_with_weights` agrees with `infer`, and its weights with those of `call_weights`.
#[test]
fn inference_with_weights_is_inference() {
    let rng = &mut Rng::seed(3);
    let (x, memory) = (Tensor::<Rank3<2, 3, 4>>::randn(rng), Tensor::<Rank3<2, 4, 4>>::randn(rng));
    let net = Weights::<f32, BarredAndPadded>::new(rng);
    let (y, weights) = net.attn.infer_with_weights(x.clone(), memory.clone(), net.mask.mask());
    let (own, _) = net.attn.infer_with_weights(x.clone(), x.clone(), Mask::causal());
    assert!(own.allclose(net.attn.clone().causal().infer(x.clone())));
    let both: Tensor<Rank3<2, 7, 4>> = (x.clone(), memory.clone()).cat::<1>().with_shape();
    assert!(weights.allclose(net.infer(both.clone())));
    let cross = Cross::<f32, BarredAndPadded> { attn: net.attn, mask: BarredAndPadded::new(rng) };
    assert!(y.allclose(cross.infer(both)));

    let plain = NoBias::<MultiheadAttention<4, 2>>::new(rng);
    let (y, _) = plain.infer_with_weights(x.clone(), memory.clone(), Mask::none());
    assert!(y.allclose(plain.infer2(x.clone(), memory.clone())));

    let attn = MultiheadCrossAttention::<4, 2, 3>::new(rng);
    let narrow = memory.narrow::<2, 0, 3>();
    let (y, weights) = attn.infer_with_weights(x.clone(), narrow.clone(), narrow.clone(), Mask::none());
    assert!(y.allclose(attn.infer2(x.clone(), narrow.clone())));
    assert!(weights.sum_axis::<-1>().allclose(Tensor::<Rank3<2, 2, 3>>::ones()));

    let plain = NoBias::<MultiheadCrossAttention<4, 2, 3>>::new(rng);
    let (y, _) = plain.infer_with_weights(x.clone(), narrow.clone(), narrow.clone(), Mask::none());
    assert!(y.allclose(plain.infer2(x, narrow)));
}

fn layers(cases: &mut Cases) {
    layer!(cases, "multihead_attention/plain", train, Bare<E>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/eval", eval, Bare<E>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/unbatched", train, Bare<E>, Rank2<4, 4>);
    layer!(cases, "multihead_attention/causal", train, Bare<E>, Rank3<2, 4, 4>, |layer| Bare { attn: layer.attn.causal() });
    layer!(cases, "multihead_attention/one_head", train, Own<3, 1, E, Plain>, Rank3<2, 4, 3>);
    layer!(cases, "multihead_attention/padding", train, Own<4, 2, E, Padded>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/all_padding", train, Own<4, 2, E, AllPadded>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/forbidden", train, Own<4, 2, E, Barred>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/added", train, Own<4, 2, E, Biased>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/forbidden_and_padding", train, Own<4, 2, E, BarredAndPadded>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/cross", train, Cross<E, Plain>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/cross_padding", train, Cross<E, Padded>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/kdim_vdim", train, Wide<5, 6, E, Unmasked>, Rank3<2, 5, 13>);
    layer!(cases, "multihead_attention/kdim_vdim_eval", eval, Wide<5, 6, E, Unmasked>, Rank3<2, 5, 13>);
    layer!(cases, "multihead_attention/kdim_vdim_masks", train, Wide<4, 6, E, BarredAndPadded>, Rank3<2, 4, 13>);
    layer!(cases, "multihead_attention/kdim", train, Wide<5, 4, E, Unmasked>, Rank3<2, 5, 11>);
    layer!(cases, "multihead_attention/weights", train, Weights<E, Plain>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/weights_average", eval, Average<E>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/weights_masks", train, Weights<E, BarredAndPadded>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/weights_added", train, Weights<E, Biased>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/weights_causal", train, Weights<E, Causal>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/no_bias", train, Bare<E, WithoutBias>, Rank3<2, 4, 4>);
    layer!(cases, "multihead_attention/no_bias_cross", train, Cross<E, BarredAndPadded, WithoutBias>, Rank3<2, 7, 4>);
    layer!(cases, "multihead_attention/no_bias_kdim", train, Wide<5, 6, E, Unmasked, WithoutBias>, Rank3<2, 5, 13>);
    layer!(cases, "multihead_attention/no_bias_weights", train, Weights<E, Plain, WithoutBias>, Rank3<2, 7, 4>);
}

type EncoderLayer<E, P = WithBias> = TransformerEncoderLayer<4, 2, 3, E, P>;
type DecoderLayer<E, P = WithBias> = TransformerDecoderLayer<4, 2, 3, E, P>;

/// An encoder layer under PyTorch's name.
#[derive(Module)]
struct Encoder<E: Float, P: Biases = WithBias> {
    #[module(init = EncoderLayer::new(rng).dropout(0.0))]
    layer: EncoderLayer<E, P>,
}

impl<S: Shape, E: Float, P: Biases> Forward<S, E> for Encoder<E, P>
where
    EncoderLayer<E, P>: Forward<S, E>,
{
    type Output = <EncoderLayer<E, P> as Forward<S, E>>::Output;
    fn forward<M: Mode>(&self, x: Input<S, M, E>) -> impl Traced<Self::Output, M, E> {
        self.layer.call(x)
    }
}

/// An encoder layer with masks.
#[derive(Module)]
struct MaskedEncoder<E: Float> {
    #[module(init = EncoderLayer::new(rng).dropout(0.0))]
    layer: EncoderLayer<E>,
}

impl<E: Float> Forward<Rank3<2, 4, 4>, E> for MaskedEncoder<E> {
    type Output = Rank3<2, 4, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 4>, M, E>) -> impl Traced<Self::Output, M, E> {
        let padding = padding::<2>(["0001", "0011"]);
        self.layer.call_masked(x, Mask::none().forbidden(&forbidden::<4>()).key_padding(&padding))
    }
}

/// A decoder layer on the first three rows, whose memory is the others.
#[derive(Module)]
struct Decoder<E: Float, P: Biases = WithBias> {
    #[module(init = DecoderLayer::new(rng).dropout(0.0))]
    layer: DecoderLayer<E, P>,
    #[module(skip, init = false)]
    masked: bool,
}

impl<E: Float, P: Biases> Forward<Rank3<2, 7, 4>, E> for Decoder<E, P> {
    type Output = Rank3<2, 3, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 7, 4>, M, E>) -> impl Traced<Self::Output, M, E> {
        let (x, memory) = x.split::<1, Rank2<3, 4>>();
        if self.masked {
            let padding = padding::<2>(["0001", "0011"]);
            let mask = Mask::none().forbidden(&forbidden::<3>()).key_padding(&padding);
            self.layer.call_masked(x, memory, Mask::causal(), mask).boxed()
        } else {
            self.layer.call_with(x, memory).boxed()
        }
    }
}

fn transformers(cases: &mut Cases) {
    type X = Rank3<2, 4, 4>;
    type Y = Rank3<2, 7, 4>;
    layer!(cases, "transformer_encoder_layer/plain", train, Encoder<E>, X);
    layer!(cases, "transformer_encoder_layer/norm_first", train, Encoder<E>, X, |net| Encoder {
        layer: net.layer.norm_first()
    });
    layer!(cases, "transformer_encoder_layer/gelu_eps", train, Encoder<E>, X, |net| {
        Encoder { layer: net.layer.gelu().layer_norm_eps(0.01) }
    });
    layer!(cases, "transformer_encoder_layer/causal_norm_first", train, Encoder<E>, X, |net| {
        Encoder { layer: net.layer.causal().norm_first() }
    });
    layer!(cases, "transformer_encoder_layer/masks", train, MaskedEncoder<E>, X);
    layer!(cases, "transformer_encoder_layer/eval", eval, Encoder<E>, X, |net| {
        Encoder { layer: net.layer.norm_first().dropout(0.1) }
    });
    layer!(cases, "transformer_encoder_layer/two", train, [EncoderLayer<E>; 2], Rank3<1, 3, 4>, |net| {
        net.map(|layer| layer.norm_first().dropout(0.0))
    });
    layer!(cases, "transformer_decoder_layer/plain", train, Decoder<E>, Y);
    layer!(cases, "transformer_decoder_layer/norm_first", train, Decoder<E>, Y, |net| {
        Decoder { layer: net.layer.norm_first().gelu(), ..net }
    });
    layer!(cases, "transformer_decoder_layer/masks", train, Decoder<E>, Y, |net| Decoder {
        masked: true,
        ..net
    });
    layer!(cases, "transformer_encoder_layer/no_bias", train, Encoder<E, WithoutBias>, X);
    layer!(cases, "transformer_encoder_layer/no_bias_norm_first", eval, Encoder<E, WithoutBias>, X, |net| {
        Encoder { layer: net.layer.gelu().norm_first() }
    });
    layer!(cases, "transformer_decoder_layer/no_bias", train, Decoder<E, WithoutBias>, Y);
}

fn rotary(cases: &mut Cases) {
    check!(cases, "rotary_embedding/heads", |x: Rank4<2, 3, 5, 6>| x.rotary_embedding(0, 10000.0));
    check!(cases, "rotary_embedding/later", |x: Rank2<4, 2>| x.rotary_embedding(117, 500.0));
}
