//! Multi-head attention.

use super::bias::{BiasOf, Biased, Biases, WithBias, WithoutBias};
use super::recurrent::shapes::{Named, Width};
use super::{Bias, Forward, Generator, Init, Linear, Module, Param};
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Mode, RunsLayers};
use crate::kernel::attention::heads::Heads;
use crate::kernel::attention::masks::Masks;
use crate::ops::Mask;
use crate::rng::Rng;
use crate::shape::{
    Axis, Broadcast, Const, Dim, DimExpr, Expr, Is, Law, Laws, Message, Product, Rank1, Rank2,
};
use crate::tensor::{Called, CalledWith, Computed, Input, Inside, Tensor, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `N` times `D`, as the dimension of packed projections.
pub type Times<const N: usize, const D: usize> = Expr<Product<Const<N>, Const<D>>>;

/// Attention of a sequence to itself or to another one, in `HEADS` heads of width `D / HEADS`. PyTorch's
/// `nn.MultiheadAttention(D, HEADS, batch_first=True)`.
///
/// In: `[B, T, D]`, or `[T, D]`. Out: the same shape. With Q, K and V = x Wᵀ + b, packed as PyTorch does:
/// `softmax(Q Kᵀ / √(D / HEADS)) V` for each head, the heads side by side, then `out_proj`. `in_proj_weight` is
/// `[3 D, D]`, Q first, with Xavier's uniform initialization; the biases are initialized to 0.
/// [`NoBias<MultiheadAttention<D, HEADS>>`](super::NoBias) has none, PyTorch's `bias=False`.
///
/// - `attn.call(x)` is self-attention; with [`causal`](Self::causal) no position attends to a later one.
/// - `attn.call_masked(x, mask)` is self-attention with a [`Mask`], for instance `Mask::causal().key_padding(&padding)`.
///   PyTorch's bool `attn_mask` is [`forbidden`](Mask::forbidden) here: `True` is *not* attended to.
/// - `attn.call_with(x, memory, mask)` is cross-attention: queries from `x`, keys and values from `memory`.
///
/// The result is that of PyTorch with `need_weights=False`: a query that may attend to nothing has the result 0 (before
/// `out_proj`) instead of NaN.
///
/// ```
/// use typegrad::prelude::*;
///
/// #[derive(Module)]
/// struct Reader {
///     attn: MultiheadAttention<8, 2>,
/// }
///
/// impl<const B: usize, const T: usize> Forward<Rank3<B, T, 8>> for Reader {
///     type Output = Rank3<B, T, 8>;
///     fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 8>, M>) -> impl Traced<Self::Output, M> {
///         let padding = Tensor::<Rank2<B, T>, bool>::from_fn(|i| i % T > 2); // the first three are words
///         self.attn.call_masked(x, Mask::none().key_padding(&padding))
///     }
/// }
///
/// let net = Reader::new(&mut Rng::seed(0));
/// let y = net.infer(Tensor::<Rank3<4, 5, 8>>::ones());
/// ```
#[derive(Clone, Module, Serialize, Deserialize)]
#[module(no_init)]
#[__law(Split<D, HEADS>)]
#[serde(bound(
    serialize = "E: Float + Serialize, BiasOf<P, (Times<3, D>,), E>: Serialize, BiasOf<P, Rank1<D>, E>: Serialize",
    deserialize = "E: Float + Deserialize<'de>, BiasOf<P, (Times<3, D>,), E>: Deserialize<'de>, \
                   BiasOf<P, Rank1<D>, E>: Deserialize<'de>"
))]
pub struct MultiheadAttention<const D: usize, const HEADS: usize, E: Float = f32, P: Biases = WithBias> {
    /// The projections to queries, keys and values, concatenated: `[3 D, D]`.
    pub in_proj_weight: Param<(Times<3, D>, Const<D>), E>,
    /// Their biases, `[3 D]`, if there are any.
    pub in_proj_bias: BiasOf<P, (Times<3, D>,), E>,
    /// The projection of the result.
    pub out_proj: Linear<D, D, E, BiasOf<P, Rank1<D>, E>>,
    /// The probability that a probability is dropped in training.
    #[module(skip)]
    pub dropout: f64,
    /// Whether self-attention is causal.
    #[module(skip)]
    pub is_causal: bool,
    /// The generator of dropout.
    pub generator: Generator,
}

#[diagnostic::do_not_recommend]
impl<const D: usize, const HEADS: usize, E: Float, P: Biases> Biased for MultiheadAttention<D, HEADS, E, P> {
    type WithoutBias = MultiheadAttention<D, HEADS, E, WithoutBias>;
}

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> Init for MultiheadAttention<D, HEADS, E, P> {
    const TYPE_HOLDS: () = Split::<D, HEADS>::HOLDS;
    fn new(rng: &mut Rng) -> Self {
        let () = Split::<D, HEADS>::HOLDS;
        // Xavier's: the weight takes D numbers to 3 D.
        let bound = E::from_f64((6.0 / (4 * D) as f64).sqrt());
        let in_proj_weight = Param::new(Tensor::uniform(-bound, bound, rng));
        let out_proj = Linear { bias: Bias::begin(Tensor::zeros), ..Linear::new(rng) };
        MultiheadAttention {
            in_proj_weight,
            in_proj_bias: Bias::begin(Tensor::zeros),
            out_proj,
            dropout: 0.0,
            is_causal: false,
            generator: Generator::new(rng),
        }
    }
}

/// x plus the elements of a bias from `start` on, without a graph.
pub(super) fn plus_part<S: Axis<0>, T, E: Float>(
    x: Tensor<T, E>,
    bias: &impl Bias<S, E>,
    start: usize,
) -> Tensor<T, E>
where
    T: Axis<-1> + Broadcast<(<T as Axis<-1>>::Dim,), Broadcasted = T>,
{
    match bias.param() {
        Some(bias) => x + bias.value().clone().part::<0, (T::Dim,)>(start, <T::Dim as Dim>::SIZE),
        None => x,
    }
}

/// Heads of equal width.
pub(super) struct Split<const D: usize, const HEADS: usize>;

impl<const D: usize, const HEADS: usize> Law for Split<D, HEADS> {
    const WRONG: Option<Message> = if HEADS > 0 && D > 0 && D.is_multiple_of(HEADS) {
        None
    } else {
        let message = Message::new()
            .text("MultiheadAttention: embed_dim ")
            .number(D)
            .text(" must be divisible by num_heads ")
            .number(HEADS);
        Some(message)
    };
}

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> MultiheadAttention<D, HEADS, E, P> {
    /// Self-attention in which nothing looks ahead: position `t` attends to `0..=t`. PyTorch's `is_causal=True`.
    #[must_use]
    pub fn causal(mut self) -> Self {
        self.is_causal = true;
        self
    }

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

    /// The probability and the generator, where this layer drops.
    fn dropping<M: Mode>(&self) -> Option<(f64, &Generator)> {
        (M::TRAINING && self.dropout > 0.0).then_some((self.dropout, &self.generator))
    }

    /// Self-attention with a mask. In: `[B, T, D]`, and a mask for scores `[B, HEADS, T, T]`. Out: `[B, T, D]`.
    pub fn call_masked<C: RunsLayers, F, B: Dim, T: Dim>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
    ) -> Called<(B, T, Const<D>), E, C, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
    {
        Is::of(self.attend(x.in_layer::<C>(), &mask.and_causal(self.is_causal).masks))
    }

    /// Cross-attention: the queries are from `x`, the keys and the values from `memory`, which may be a constant. In: `[B, T, D]` and
    /// `[B, S, D]`, and a mask for scores `[B, HEADS, T, S]`; [`causal`](Self::causal) does not matter here. Out:
    /// `[B, T, D]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    ///
    /// /// A question of 2 rows, then a text of 5 rows that it is about.
    /// #[derive(Module)]
    /// struct Answer {
    ///     attn: MultiheadAttention<8, 2>,
    /// }
    ///
    /// impl<const B: usize> Forward<Rank3<B, 7, 8>> for Answer {
    ///     type Output = Rank3<B, 2, 8>;
    ///     fn forward<M: Mode>(&self, x: Input<Rank3<B, 7, 8>, M>) -> impl Traced<Self::Output, M> {
    ///         let (question, text) = x.split::<1, Rank2<2, 5>>();
    ///         self.attn.call_with(question, text, Mask::none())
    ///     }
    /// }
    ///
    /// let net = Answer::new(&mut Rng::seed(0));
    /// let y: Tensor<Rank3<4, 2, 8>> = net.infer(Tensor::<Rank3<4, 7, 8>>::ones());
    /// ```
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let () = Split::<D, HEADS>::HOLDS;
        let (x, memory) = (x.in_layer::<C>(), memory.in_layer::<C>());
        let weight = || self.in_proj_weight.traced::<C::Mode>();
        let q = x.project(weight().part::<0, Rank2<D, D>>(0, D));
        let q = self.in_proj_bias.add_part_to(q, 0).into_tensor();
        let kv = memory.project(weight().part::<0, (Times<2, D>, Const<D>)>(D, 2 * D));
        let kv = self.in_proj_bias.add_part_to(kv, D).into_tensor();
        let sizes = Heads::paired(B::SIZE, [T::SIZE, S::SIZE], HEADS, D);
        let y = q.attend_paired::<_, Split<D, HEADS>>(kv, sizes, &mask.masks, self.dropping::<C::Mode>());
        Is::of(Is::of(self.out_proj.project(y)))
    }

    /// Self-attention.
    pub(super) fn attend<M: Mode, F, B: Dim, T: Dim>(
        &self,
        x: Inside<(B, T, Const<D>), E, M, F>,
        masks: &Masks<E>,
    ) -> Inside<(B, T, Const<D>), E, M, impl Flow<(B, T, Const<D>), E> + use<'_, D, HEADS, E, P, M, F, B, T>>
    where
        F: Flow<(B, T, Const<D>), E>,
    {
        let () = Split::<D, HEADS>::HOLDS;
        let x = self.in_proj_bias.linear(x, &self.in_proj_weight).into_tensor();
        let sizes = Heads::packed(B::SIZE, T::SIZE, HEADS, D);
        let y = x.attend_packed::<(B, T, Const<D>), Split<D, HEADS>>(sizes, masks, self.dropping::<M>());
        self.out_proj.project(y)
    }

    /// The mask of plain self-attention.
    pub(super) fn own_mask(&self) -> Masks<E> {
        Mask::<(), E>::none().and_causal(self.is_causal).masks
    }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<B: Dim, T: Dim, const D: usize, const HEADS: usize, E: Float, P: Biases> Forward<(B, T, Const<D>), E> for MultiheadAttention<D, HEADS, E, P> {
    type Output = (B, T, Const<D>);
    fn forward<M: Mode>(&self, x: Input<(B, T, Const<D>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.attend(x, &self.own_mask())
    }
}

/// One sequence, without a batch.
#[diagnostic::do_not_recommend]
impl<T: Dim, const D: usize, const HEADS: usize, E: Float, P: Biases> Forward<(T, Const<D>), E>
    for MultiheadAttention<D, HEADS, E, P>
{
    type Output = (T, Const<D>);
    fn forward<M: Mode>(&self, x: Input<(T, Const<D>), M, E>) -> impl Traced<Self::Output, M, E> {
        let x = x.relabel::<(Const<1>, T, Const<D>)>();
        self.attend(x, &self.own_mask()).relabel::<(T, Const<D>)>()
    }
}

/// A width that is computed is compared when the program is built.
#[diagnostic::do_not_recommend]
impl<B: Dim, T: Dim, X: DimExpr, const D: usize, const HEADS: usize, E: Float, P: Biases>
    Forward<(B, T, Expr<X>), E> for MultiheadAttention<D, HEADS, E, P>
{
    type Output = (B, T, Const<D>);
    const LAWS: Laws = Laws::always(Width::<Self, (B, T, Expr<X>), D>::BROKEN);
    fn forward<M: Mode>(&self, x: Input<(B, T, Expr<X>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.attend(x.relabel::<(B, T, Const<D>)>(), &self.own_mask())
    }
}

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> Named for MultiheadAttention<D, HEADS, E, P> {
    const NAME: &'static str = "MultiheadAttention";
}

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> fmt::Debug
    for MultiheadAttention<D, HEADS, E, P>
{
    /// As PyTorch prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MultiheadAttention(\n  (out_proj): {:?}\n)", self.out_proj)
    }
}
