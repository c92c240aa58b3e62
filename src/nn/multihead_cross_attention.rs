//! Multi-head attention to keys and values of other widths.

use super::bias::{BiasOf, Biased, Biases, WithBias, WithoutBias};
use super::multihead_attention::{Split, Times, plus_part};
use super::{Bias, BothInputs, Forward2, Generator, Init, Linear, Module, Param};
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Mode, RunsLayers};
use crate::kernel::attention::heads::Heads;
use crate::ops::Mask;
use crate::rng::Rng;
use crate::shape::{Const, Dim, Is, Law, Message, Rank1, Rank2};
use crate::tensor::{CalledWith, Computed, Shared, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Attention to keys of width `KDIM` and values of width `VDIM`, which differ from that of the queries, in `HEADS` heads of
/// width `D / HEADS`. PyTorch's `nn.MultiheadAttention(D, HEADS, kdim=KDIM, vdim=VDIM, batch_first=True)`.
///
/// In: queries `[B, T, D]`, keys `[B, S, KDIM]`, values `[B, S, VDIM]`. Out: `[B, T, D]`. With Q = q Wqᵀ + bq, K = k Wkᵀ + bk
/// and V = v Wvᵀ + bv: `softmax(Q Kᵀ / √(D / HEADS)) V` for each head, the heads side by side, then `out_proj`. The parameters
/// are PyTorch's: `q_proj_weight` is `[D, D]`, `k_proj_weight` `[D, KDIM]`, `v_proj_weight` `[D, VDIM]`, with Xavier's uniform
/// initialization, and `in_proj_bias` `[3 D]`, that of q first, is initialized to 0. With [`NoBias`](super::NoBias) there are
/// no biases, PyTorch's `bias=False`.
///
/// - `attn.call_with(query, key, value, mask)` runs it inside a module.
/// - Where keys and values are one tensor, the memory, it has two inputs: `attn.call2(x, memory)`, `train2`, `infer2`.
/// - [`infer_with_weights`](Self::infer_with_weights) returns the attention weights, too.
///
/// Where both widths are `D`, the layer is a [`MultiheadAttention`](super::MultiheadAttention), whose weights PyTorch has under
/// another name: such a `MultiheadCrossAttention` does not build.
///
/// ```
/// use typegrad::prelude::*;
///
/// /// Text that attends to the 9 patches of an image encoder.
/// #[derive(Module)]
/// struct Caption {
///     attn: MultiheadCrossAttention<8, 2, 12>,
///     head: Linear<8, 50>,
/// }
///
/// impl<const B: usize, const T: usize> Forward2<Rank3<B, T, 8>, Rank3<B, 9, 12>> for Caption {
///     type Output = Rank3<B, T, 50>;
///     fn forward2<M: Mode>(
///         &self,
///         text: Shared<Rank3<B, T, 8>, M>,
///         image: Shared<Rank3<B, 9, 12>, M>,
///     ) -> impl Traced<Self::Output, M> {
///         let seen = self.attn.call2(text.clone(), image);
///         self.head.call(text + seen)
///     }
/// }
///
/// let rng = &mut Rng::seed(0);
/// let net = Caption::new(rng);
/// let scores = net.infer2(Tensor::<Rank3<4, 5, 8>>::randn(rng), Tensor::<Rank3<4, 9, 12>>::randn(rng));
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[__law((Split<D, HEADS>, OtherWidth<D, KDIM, VDIM>))]
#[serde(bound(
    serialize = "E: Float + Serialize, BiasOf<P, (Times<3, D>,), E>: Serialize, BiasOf<P, Rank1<D>, E>: Serialize",
    deserialize = "E: Float + Deserialize<'de>, BiasOf<P, (Times<3, D>,), E>: Deserialize<'de>, \
                   BiasOf<P, Rank1<D>, E>: Deserialize<'de>"
))]
pub struct MultiheadCrossAttention<
    const D: usize,
    const HEADS: usize,
    const KDIM: usize,
    const VDIM: usize = KDIM,
    E: Float = f32,
    P: Biases = WithBias,
> {
    /// The projection to queries.
    pub q_proj_weight: Param<Rank2<D, D>, E>,
    /// The projection to keys.
    pub k_proj_weight: Param<Rank2<D, KDIM>, E>,
    /// The projection to values.
    pub v_proj_weight: Param<Rank2<D, VDIM>, E>,
    /// The biases of the three, concatenated, if there are any.
    pub in_proj_bias: BiasOf<P, (Times<3, D>,), E>,
    /// The projection of the result.
    pub out_proj: Linear<D, D, E, BiasOf<P, Rank1<D>, E>>,
    /// The probability with which an attention weight is dropped in training.
    #[module(skip)]
    pub dropout: f64,
    /// The generator of dropout.
    pub generator: Generator,
}

/// A key or a value has another width than a query.
struct OtherWidth<const D: usize, const KDIM: usize, const VDIM: usize>;

impl<const D: usize, const KDIM: usize, const VDIM: usize> Law for OtherWidth<D, KDIM, VDIM> {
    const WRONG: Option<Message> = if KDIM != D || VDIM != D {
        None
    } else {
        let message = Message::new()
            .text("MultiheadCrossAttention: kdim and vdim are embed_dim ")
            .number(D)
            .text(": that is the layer `MultiheadAttention`");
        Some(message)
    };
}

/// Xavier's uniform initialization of a projection from `I` to `O` numbers.
pub(super) fn xavier<const O: usize, const I: usize, E: Float>(rng: &mut Rng) -> Param<Rank2<O, I>, E> {
    let bound = E::from_f64((6.0 / (O + I) as f64).sqrt());
    Param::new(Tensor::uniform(-bound, bound, rng))
}

#[diagnostic::do_not_recommend]
impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases> Biased
    for MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P>
{
    type WithoutBias = MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, WithoutBias>;
}

impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases> Init
    for MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P>
{
    const TYPE_HOLDS: () = {
        let () = Split::<D, HEADS>::HOLDS;
        let () = OtherWidth::<D, KDIM, VDIM>::HOLDS;
    };
    fn new(rng: &mut Rng) -> Self {
        let () = Split::<D, HEADS>::HOLDS;
        let () = OtherWidth::<D, KDIM, VDIM>::HOLDS;
        let (q_proj_weight, k_proj_weight, v_proj_weight) = (xavier(rng), xavier(rng), xavier(rng));
        let out_proj = Linear { bias: Bias::begin(Tensor::zeros), ..Linear::new(rng) };
        MultiheadCrossAttention {
            q_proj_weight,
            k_proj_weight,
            v_proj_weight,
            in_proj_bias: Bias::begin(Tensor::zeros),
            out_proj,
            dropout: 0.0,
            generator: Generator::new(rng),
        }
    }
}

impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases>
    MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P>
{
    /// Sets the probability with which each attention weight is dropped in training. PyTorch's `dropout`, 0 by default.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    #[must_use]
    pub fn dropout(mut self, p: f64) -> Self {
        assert!((0.0..=1.0).contains(&p), "dropout probability has to be between 0 and 1, but got {p}");
        self.dropout = p;
        self
    }

    /// Attention of `query` to `key` and `value` inside a module. PyTorch's `attn(query, key, value)`.
    ///
    /// In: `[B, T, D]`, `[B, S, KDIM]`, `[B, S, VDIM]`, and a [`Mask`] for scores `[B, HEADS, T, S]`. Out: `[B, T, D]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    ///
    /// /// Three inputs side by side: 8 numbers of the query, 3 of the key, 5 of the value.
    /// #[derive(Module)]
    /// struct Lookup {
    ///     attn: MultiheadCrossAttention<8, 2, 3, 5>,
    /// }
    ///
    /// impl<const B: usize> Forward<Rank3<B, 6, 16>> for Lookup {
    ///     type Output = Rank3<B, 6, 8>;
    ///     fn forward<M: Mode>(&self, x: Input<Rank3<B, 6, 16>, M>) -> impl Traced<Self::Output, M> {
    ///         let (query, key, value) = x.split::<-1, Rank3<8, 3, 5>>();
    ///         self.attn.call_with(query, key, value, Mask::causal())
    ///     }
    /// }
    ///
    /// let net = Lookup::new(&mut Rng::seed(0));
    /// let y: Tensor<Rank3<4, 6, 8>> = net.infer(Tensor::<Rank3<4, 6, 16>>::ones());
    /// ```
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R, V>(
        &self,
        query: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        key: Tensor<(B, S, Const<KDIM>), E, Graph<K, R>>,
        value: Tensor<(B, S, Const<VDIM>), E, Graph<K, V>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<KDIM>), E>,
        V: Flow<(B, S, Const<VDIM>), E>,
    {
        let (query, key, value) = (query.in_layer::<C>(), key.in_layer::<C>(), value.in_layer::<C>());
        let bias = &self.in_proj_bias;
        let q = bias.add_part_to(query.project(&self.q_proj_weight), 0).into_tensor();
        let k = bias.add_part_to(key.project(&self.k_proj_weight), D).into_tensor();
        let v = bias.add_part_to(value.project(&self.v_proj_weight), 2 * D).into_tensor();
        let sizes = Heads::apart(B::SIZE, [T::SIZE, S::SIZE], HEADS, D);
        let dropout = (C::Mode::TRAINING && self.dropout > 0.0).then_some((self.dropout, &self.generator));
        let y = q.attend_apart::<_, _, Split<D, HEADS>>(k, v, sizes, &mask.masks, dropout);
        Is::of(Is::of(self.out_proj.project(y)))
    }

    /// The result without a graph and without dropout, and the attention weights: how much of each value is in the result
    /// of each query. PyTorch's `attn(query, key, value, average_attn_weights=False)` in evaluation.
    ///
    /// In: as for [`call_with`](Self::call_with). Out: `[B, T, D]`, and `[B, HEADS, T, S]`, whose `mean_axis::<1>()` is the
    /// average over the heads that PyTorch returns by default.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let attn = MultiheadCrossAttention::<8, 2, 3>::new(rng);
    /// let (x, memory) = (Tensor::<Rank3<4, 5, 8>>::randn(rng), Tensor::<Rank3<4, 7, 3>>::randn(rng));
    /// let (y, weights) = attn.infer_with_weights(x, memory.clone(), memory, Mask::none());
    /// assert!(weights.sum_axis::<-1>().allclose(Tensor::<Rank3<4, 2, 5>>::ones()));
    /// ```
    pub fn infer_with_weights<B: Dim, T: Dim, S: Dim>(
        &self,
        query: Tensor<(B, T, Const<D>), E>,
        key: Tensor<(B, S, Const<KDIM>), E>,
        value: Tensor<(B, S, Const<VDIM>), E>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> (Tensor<(B, T, Const<D>), E>, Tensor<(B, Const<HEADS>, T, S), E>) {
        let bias = &self.in_proj_bias;
        let q = plus_part(query.project(self.q_proj_weight.value()), bias, 0);
        let k = plus_part(key.project(self.k_proj_weight.value()), bias, D);
        let v = plus_part(value.project(self.v_proj_weight.value()), bias, 2 * D);
        let sizes = Heads::apart(B::SIZE, [T::SIZE, S::SIZE], HEADS, D);
        let operands = [q.as_slice(), k.as_slice(), v.as_slice()];
        let (y, attended) = E::attend(sizes, operands, &mask.masks, None, true);
        let y = Tensor::<(B, T, Const<D>), E>::constant(y);
        let y = plus_part(y.project(self.out_proj.weight.value()), &self.out_proj.bias, 0);
        (y, Tensor::constant(attended.into_probabilities()))
    }
}

// The methods of `Forward`, whose error names those of `Forward2`.
#[rustfmt::skip]
#[doc(hidden)]
impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases> MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P> {
    pub fn call<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
    pub fn train<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
    pub fn infer<X: BothInputs>(&self, _: X) -> X::Result { X::RESULT }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<B: Dim, T: Dim, S: Dim, const D: usize, const HEADS: usize, const KDIM: usize, E: Float, P: Biases> Forward2<(B, T, Const<D>), (B, S, Const<KDIM>), E> for MultiheadCrossAttention<D, HEADS, KDIM, KDIM, E, P> {
    type Output = (B, T, Const<D>);
    fn forward2<M: Mode>(&self, x: Shared<(B, T, Const<D>), M, E>, memory: Shared<(B, S, Const<KDIM>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.call_with(x, memory.clone(), memory, Mask::none())
    }
}

impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases> fmt::Debug
    for MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P>
{
    /// As PyTorch prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MultiheadAttention(\n  (out_proj): {:?}\n)", self.out_proj)
    }
}
