//! Transformer layers.

use super::affine::{CountFits, Counting};
use super::bias::{BiasOf, Biased, Biases, WithBias, WithoutBias};
use super::dropout::Dropout;
use super::multihead_attention::Split;
use super::{BothInputs, Forward, Forward2, LayerNorm, Linear, Module, MultiheadAttention, Param};
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Mode, RunsLayers, UseTwiceInsideShared};
use crate::kernel::attention::masks::Masks;
use crate::ops::Mask;
use crate::shape::{Const, Dim, DimExpr, Expr, Is, Law, Laws, Rank1};
use crate::tensor::{Called, CalledWith, Input, Inside, Shared, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Self-attention and a feed-forward network, each with a residual connection and a normalization. PyTorch's
/// `nn.TransformerEncoderLayer(D, HEADS, FF, batch_first=True)`.
///
/// In: `[B, T, D]`. Out: the same shape. With dropout after each part, `norm1(x + self_attn(x))`, and of that x
/// `norm2(x + linear2(relu(linear1(x))))`. PyTorch's options and defaults: [`dropout`](Self::dropout) 0.1,
/// [`gelu`](Self::gelu) instead of relu, [`norm_first`](Self::norm_first), and [`causal`](Self::causal).
/// [`NoBias<TransformerEncoderLayer<D, HEADS, FF>>`](super::NoBias) is `bias=False`: no bias in any of its parts.
///
/// `layer.call(x)` runs it, `layer.call_masked(x, mask)` with a [`Mask`]. Depth is an array: `[TransformerEncoderLayer<64,
/// 4>; 6]` is a layer, which compiles as fast as one.
///
/// With `causal` and `norm_first` it is the decoder block of a GPT, which has no memory to attend to:
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Gpt {
///     tokens: Embedding<50, 16>,
///     positions: Param<Rank2<12, 16>>,
///     blocks: [TransformerEncoderLayer<16, 2, 64>; 3],
///     norm: LayerNorm<16>,
///     head: Linear<16, 50>,
/// }
///
/// impl<const B: usize> Forward<Rank2<B, 12>, f32, i64> for Gpt {
///     type Output = Rank3<B, 12, 50>;
///     fn forward<M: Mode>(&self, x: Input<Rank2<B, 12>, M, i64>) -> impl Traced<Self::Output, M> {
///         let x = self.tokens.call(x) + &self.positions;
///         let x = self.blocks.call(x);
///         let x = self.norm.call(x);
///         self.head.call(x)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let gpt = Gpt {
///     tokens: Embedding::new(rng),
///     positions: Tensor::zeros().into(),
///     blocks: std::array::from_fn(|_| TransformerEncoderLayer::new(rng).causal().norm_first()),
///     norm: LayerNorm::new(rng),
///     head: Linear::new(rng),
/// };
/// let scores = gpt.infer(Tensor::<Rank2<4, 12>, i64>::zeros());
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[__law(Split<D, HEADS>)]
#[serde(bound(
    serialize = "E: Float + Serialize, MultiheadAttention<D, HEADS, E, P>: Serialize, \
                 BiasOf<P, Rank1<D>, E>: Serialize, BiasOf<P, Rank1<FF>, E>: Serialize",
    deserialize = "E: Float + Deserialize<'de>, MultiheadAttention<D, HEADS, E, P>: Deserialize<'de>, \
                   BiasOf<P, Rank1<D>, E>: Deserialize<'de>, BiasOf<P, Rank1<FF>, E>: Deserialize<'de>"
))]
pub struct TransformerEncoderLayer<
    const D: usize,
    const HEADS: usize,
    const FF: usize = 2048,
    E: Float = f32,
    P: Biases = WithBias,
> {
    /// The self-attention.
    #[module(init = MultiheadAttention::new(rng).dropout(0.1))]
    pub self_attn: MultiheadAttention<D, HEADS, E, P>,
    /// The first layer of the feed-forward network.
    pub linear1: Linear<D, FF, E, BiasOf<P, Rank1<FF>, E>>,
    /// Dropout after each part.
    #[module(init = Dropout::new(rng).p(0.1))]
    pub dropout: Dropout,
    /// The second layer of the feed-forward network.
    pub linear2: Linear<FF, D, E, BiasOf<P, Rank1<D>, E>>,
    /// The normalization of the attention.
    pub norm1: LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
    /// The normalization of the feed-forward network.
    pub norm2: LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
    /// Whether each sublayer normalizes its input (pre-norm) instead of the sum of input and output (post-norm).
    #[module(skip, init = false)]
    pub norm_first: bool,
    /// Whether the activation is gelu.
    #[module(skip, init = false)]
    pub gelu: bool,
}

/// Self-attention, attention to a memory and a feed-forward network, each with a residual connection and a
/// normalization. PyTorch's `nn.TransformerDecoderLayer(D, HEADS, FF, batch_first=True)`.
///
/// It has two inputs, x `[B, T, D]` and a memory `[B, S, D]`, so in `forward` of a module it is run by
/// [`call_with`](Self::call_with), or by [`call_masked`](Self::call_masked) with masks, and elsewhere as each [`Forward2`], by
/// `train2` and `infer2`. PyTorch's options and defaults: [`dropout`](Self::dropout) 0.1,
/// [`gelu`](Self::gelu) instead of relu, [`norm_first`](Self::norm_first), and [`causal`](Self::causal) for the
/// self-attention, which is not causal by default. [`NoBias`](super::NoBias) removes the biases of all its parts.
///
/// Several layers in sequence attend to one memory, which is shared. A loop over the layers boxes the graph, so that its type is
/// the same in each round:
///
/// ```
/// use typegrad::prelude::*;
///
/// /// The source, 5 rows, then the target, 3 rows.
/// #[derive(Module)]
/// struct Translator {
///     encoder: [TransformerEncoderLayer<8, 2, 16>; 2],
///     decoder: [TransformerDecoderLayer<8, 2, 16>; 2],
/// }
///
/// impl<const B: usize> Forward<Rank3<B, 8, 8>> for Translator {
///     type Output = Rank3<B, 3, 8>;
///     fn forward<M: Mode>(&self, x: Input<Rank3<B, 8, 8>, M>) -> impl Traced<Self::Output, M> {
///         let (source, target) = x.split::<1, Rank2<5, 3>>();
///         self.encoder.call(source).shared(|memory| {
///             let mut x = target.boxed();
///             for layer in &self.decoder {
///                 x = layer.call_with(x, memory.clone()).boxed();
///             }
///             x
///         })
///     }
/// }
///
/// let net = Translator::new(&mut Rng::seed(0));
/// let loss = net.train(Tensor::<Rank3<4, 8, 8>>::ones()).powi(2).sum().backward();
/// assert!(net.encoder[0].linear1.weight.grad().is_some());
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[__law(Split<D, HEADS>)]
#[serde(bound(
    serialize = "E: Float + Serialize, MultiheadAttention<D, HEADS, E, P>: Serialize, \
                 BiasOf<P, Rank1<D>, E>: Serialize, BiasOf<P, Rank1<FF>, E>: Serialize",
    deserialize = "E: Float + Deserialize<'de>, MultiheadAttention<D, HEADS, E, P>: Deserialize<'de>, \
                   BiasOf<P, Rank1<D>, E>: Deserialize<'de>, BiasOf<P, Rank1<FF>, E>: Deserialize<'de>"
))]
pub struct TransformerDecoderLayer<
    const D: usize,
    const HEADS: usize,
    const FF: usize = 2048,
    E: Float = f32,
    P: Biases = WithBias,
> {
    /// The self-attention.
    #[module(init = MultiheadAttention::new(rng).dropout(0.1))]
    pub self_attn: MultiheadAttention<D, HEADS, E, P>,
    /// The attention to the memory.
    #[module(init = MultiheadAttention::new(rng).dropout(0.1))]
    pub multihead_attn: MultiheadAttention<D, HEADS, E, P>,
    /// The first layer of the feed-forward network.
    pub linear1: Linear<D, FF, E, BiasOf<P, Rank1<FF>, E>>,
    /// Dropout after each part.
    #[module(init = Dropout::new(rng).p(0.1))]
    pub dropout: Dropout,
    /// The second layer of the feed-forward network.
    pub linear2: Linear<FF, D, E, BiasOf<P, Rank1<D>, E>>,
    /// The normalization of the self-attention.
    pub norm1: LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
    /// The normalization of the attention to the memory.
    pub norm2: LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
    /// The normalization of the feed-forward network.
    pub norm3: LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
    /// Whether each sublayer normalizes its input (pre-norm) instead of the sum of input and output (post-norm).
    #[module(skip, init = false)]
    pub norm_first: bool,
    /// Whether the activation is gelu.
    #[module(skip, init = false)]
    pub gelu: bool,
}

/// A sequence inside a module.
type Sequences<B, T, const D: usize, E, M, F> = Inside<(B, T, Const<D>), E, M, F>;

macro_rules! impl_options {
    ($layer:ident: $($attention:ident)+, $($norm:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> Biased
            for $layer<D, HEADS, FF, E, P>
        {
            type WithoutBias = $layer<D, HEADS, FF, E, WithoutBias>;
        }

        impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> $layer<D, HEADS, FF, E, P> {
            /// Makes self-attention causal: no position attends to a later one. PyTorch's `is_causal=True`.
            #[must_use]
            pub fn causal(mut self) -> Self {
                self.self_attn = self.self_attn.causal();
                self
            }

            /// Normalizes the input of each sublayer (pre-norm) instead of the sum of its input and output. PyTorch's `norm_first=True`.
            #[must_use]
            pub fn norm_first(mut self) -> Self {
                self.norm_first = true;
                self
            }

            /// The activation is gelu. PyTorch's `activation="gelu"`.
            #[must_use]
            pub fn gelu(mut self) -> Self {
                self.gelu = true;
                self
            }

            /// Sets the probability of dropout, in the attention too. PyTorch's `dropout`, 0.1 by default.
            ///
            /// # Panics
            /// If `p` is not between 0 and 1.
            #[track_caller]
            #[must_use]
            pub fn dropout(mut self, p: f64) -> Self {
                self.dropout = self.dropout.p(p);
                $(self.$attention = self.$attention.dropout(p);)+
                self
            }

            /// Sets the number added to the variance by the normalizations. PyTorch's `layer_norm_eps`, 1e-5 by default.
            ///
            /// # Panics
            /// If it is negative or NaN.
            #[track_caller]
            #[must_use]
            pub fn layer_norm_eps(mut self, eps: f64) -> Self {
                $(self.$norm = self.$norm.eps(eps);)+
                self
            }

            /// Dropout while training.
            fn drop<B: Dim, T: Dim, M: Mode, F: Flow<(B, T, Const<D>), E>>(
                &self,
                x: Sequences<B, T, D, E, M, F>,
            ) -> Sequences<B, T, D, E, M, impl Flow<(B, T, Const<D>), E>> {
                x.dropout_blocks(self.dropout.p, M::TRAINING.then_some(&self.dropout.generator), 1)
            }

            /// The feed-forward network with its residual connection and its normalization.
            fn feed_forward<'a, B: Dim, T: Dim, M: Mode, F: Flow<(B, T, Const<D>), E>>(
                &'a self,
                norm: &'a LayerNorm<D, E, Param<Rank1<D>, E>, BiasOf<P, Rank1<D>, E>>,
                x: Sequences<B, T, D, E, M, F>,
            ) -> Sequences<B, T, D, E, M, impl Flow<(B, T, Const<D>), E>>
            {
                let x = x.shared(|x| {
                    let y = norm.apply_if(self.norm_first, x.clone());
                    let y = self.linear1.project(y).activate(self.gelu);
                    let active = M::TRAINING.then_some(&self.dropout.generator);
                    let y = y.dropout_blocks(self.dropout.p, active, 1);
                    self.drop(self.linear2.project(y)) + x
                });
                norm.apply_if(!self.norm_first, x)
            }

            /// The self-attention with its residual connection, before its normalization.
            fn attend<B: Dim, T: Dim, M: Mode, F: Flow<(B, T, Const<D>), E> + UseTwiceInsideShared>(
                &self,
                x: Sequences<B, T, D, E, M, F>,
                masks: &Masks<E>,
            ) -> Sequences<B, T, D, E, M, impl Flow<(B, T, Const<D>), E> + use<'_, D, HEADS, FF, E, P, B, T, M, F>>
            {
                let y = self.norm1.apply_if(self.norm_first, x.clone());
                self.drop(self.self_attn.attend(y, masks)) + x
            }
        }

        impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> fmt::Debug
            for $layer<D, HEADS, FF, E, P>
        {
            /// As PyTorch prints it.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                writeln!(f, concat!(stringify!($layer), "("))?;
                $(writeln!(f, concat!("  (", stringify!($attention), "): {}"), indented(&self.$attention))?;)+
                writeln!(f, "  (linear1): {:?}", self.linear1)?;
                writeln!(f, "  (dropout): {:?}", self.dropout)?;
                writeln!(f, "  (linear2): {:?}", self.linear2)?;
                $(writeln!(f, concat!("  (", stringify!($norm), "): {:?}"), self.$norm)?;)+
                f.write_str(")")
            }
        }
    };
}
impl_options!(TransformerEncoderLayer: self_attn, norm1 norm2);
impl_options!(TransformerDecoderLayer: self_attn multihead_attn, norm1 norm2 norm3);

fn indented(part: &impl fmt::Debug) -> String {
    format!("{part:?}").replace('\n', "\n  ")
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    TransformerEncoderLayer<D, HEADS, FF, E, P>
{
    /// The layer with a mask for scores `[B, HEADS, T, T]`. PyTorch's `layer(x, src_mask, src_key_padding_mask)`, where
    /// `True` is forbidden. In: `[B, T, D]`. Out: the same shape.
    ///
    /// Several layers with a mask are run in a loop, with the graph behind a pointer: `for layer in &self.layers { x =
    /// layer.call_masked(x, mask.clone()).boxed(); }`.
    pub fn call_masked<C: RunsLayers, F, B: Dim, T: Dim>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
    ) -> Called<(B, T, Const<D>), E, C, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
    {
        let masks = mask.and_causal(self.self_attn.is_causal).masks;
        let x = x.in_layer::<C>().shared(|x| self.attend(x, &masks));
        Is::of(self.feed_forward(&self.norm2, self.norm1.apply_if(!self.norm_first, x)))
    }
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> Counting
    for TransformerEncoderLayer<D, HEADS, FF, E, P>
{
    const NAME: &'static str = "TransformerEncoderLayer";
    const COUNTS: &'static str = " features";
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<B: Dim, T: Dim, const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    Forward<(B, T, Const<D>), E> for TransformerEncoderLayer<D, HEADS, FF, E, P>
{
    type Output = (B, T, Const<D>);
    fn forward<M: Mode>(&self, x: Input<(B, T, Const<D>), M, E>) -> impl Traced<Self::Output, M, E> {
        let x = self.attend(x, &self.self_attn.own_mask());
        self.feed_forward(&self.norm2, self.norm1.apply_if(!self.norm_first, x))
    }
}

#[diagnostic::do_not_recommend]
impl<B: Dim, T: Dim, X: DimExpr, const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    Forward<(B, T, Expr<X>), E> for TransformerEncoderLayer<D, HEADS, FF, E, P>
{
    type Output = (B, T, Const<D>);
    const LAWS: Laws = Laws::always(CountFits::<Self, X, D>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(B, T, Expr<X>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.call(x.relabel::<(B, T, Const<D>)>())
    }
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    TransformerDecoderLayer<D, HEADS, FF, E, P>
{
    /// The layer on x with its memory, for `forward` of a module; outside of modules it is `layer.train2(x, memory)`
    /// ([`Forward2`]). In: `[B, T, D]` and `[B, S, D]`. Out: `[B, T, D]`.
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        self.call_masked(x, memory, Mask::none(), Mask::none())
    }

    /// The layer with masks: one for the self-attention, with scores `[B, HEADS, T, T]`, and one for the attention to the
    /// memory, with scores `[B, HEADS, T, S]`. PyTorch's `tgt_mask` with `tgt_key_padding_mask`, and `memory_mask` with
    /// `memory_key_padding_mask`.
    pub fn call_masked<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
        memory_mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let masks = mask.and_causal(self.self_attn.is_causal).masks;
        let (x, memory) = (x.in_layer::<C>(), memory.in_layer::<C>());
        let x = x.shared(|x| self.attend(x, &masks));
        let x = self.norm1.apply_if(!self.norm_first, x).shared(|x| {
            let y = self.norm2.apply_if(self.norm_first, x.clone());
            self.drop(self.multihead_attn.call_with(y, memory, memory_mask)) + x
        });
        Is::of(Is::of(self.feed_forward(&self.norm3, self.norm2.apply_if(!self.norm_first, x))))
    }
}

// The methods of `Forward`, whose error names those of `Forward2`.
#[rustfmt::skip]
#[doc(hidden)]
impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> TransformerDecoderLayer<D, HEADS, FF, E, P> {
    pub fn call<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
    pub fn train<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
    pub fn infer<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<B: Dim, T: Dim, S: Dim, const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases> Forward2<(B, T, Const<D>), (B, S, Const<D>), E> for TransformerDecoderLayer<D, HEADS, FF, E, P> {
    type Output = (B, T, Const<D>);
    fn forward2<M: Mode>(&self, x: Shared<(B, T, Const<D>), M, E>, memory: Shared<(B, S, Const<D>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.call_with(x, memory)
    }
}
