//! Multi-head attention that also returns its attention weights, for inspection or for a loss.

use super::multihead_attention::{Times, plus_part};
use super::{Bias, Biases, Forward2, MultiheadAttention};
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, Mode, RunsLayers};
use crate::kernel::attention::heads::Heads;
use crate::ops::Mask;
use crate::shape::{Axes4, Const, Dim, DimExpr, Expr, Is, Rank2};
use crate::tensor::{CalledWith, Computed, Shared, Tensor, Traced};
use std::fmt;

/// The width of a head.
struct HeadWidth<const D: usize, const HEADS: usize>;

impl<const D: usize, const HEADS: usize> fmt::Debug for HeadWidth<D, HEADS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeadWidth")
    }
}

impl<const D: usize, const HEADS: usize> DimExpr for HeadWidth<D, HEADS> {
    const SIZE: usize = D / HEADS;
}

/// A sequence of heads.
type Heads4<B, T, const D: usize, const HEADS: usize> = (B, T, Const<HEADS>, Expr<HeadWidth<D, HEADS>>);

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> MultiheadAttention<D, HEADS, E, P> {
    /// The result without a graph and without dropout, and the attention weights: how much of each value is in the result
    /// of each query. PyTorch's `attn(x, memory, memory, average_attn_weights=False)` in evaluation.
    ///
    /// In: as for [`call_with`](Self::call_with); with x as the memory it is self-attention. Out: `[B, T, D]`, and
    /// `[B, HEADS, T, S]`, whose `mean_axis::<1>()` is the average over the heads that PyTorch returns by default. The weights of
    /// a query that may attend to nothing are 0; PyTorch has NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let rng = &mut Rng::seed(0);
    /// let attn = MultiheadAttention::<8, 2>::new(rng);
    /// let x = Tensor::<Rank3<4, 5, 8>>::randn(rng);
    /// let (y, weights) = attn.infer_with_weights(x.clone(), x, Mask::causal());
    /// let first = weights.mean_axis::<1>().select_at::<1, 0>(); // the first word sees itself
    /// assert!(first.allclose(Tensor::from([1.0, 0.0, 0.0, 0.0, 0.0])));
    /// ```
    pub fn infer_with_weights<B: Dim, T: Dim, S: Dim>(
        &self,
        x: Tensor<(B, T, Const<D>), E>,
        memory: Tensor<(B, S, Const<D>), E>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> (Tensor<(B, T, Const<D>), E>, Tensor<(B, Const<HEADS>, T, S), E>) {
        let weight = || self.in_proj_weight.value().clone();
        let bias = &self.in_proj_bias;
        let q = plus_part(x.project(weight().part::<0, Rank2<D, D>>(0, D)), bias, 0);
        let kv = memory.project(weight().part::<0, (Times<2, D>, Const<D>)>(D, 2 * D));
        let kv = plus_part(kv, bias, D);
        let sizes = Heads::paired(B::SIZE, [T::SIZE, S::SIZE], HEADS, D);
        let operands = [q.as_slice(), kv.as_slice(), kv.as_slice()];
        let (y, attended) = E::attend(sizes, operands, &mask.masks, None, true);
        let y = Tensor::<(B, T, Const<D>), E>::constant(y);
        let y = plus_part(y.project(self.out_proj.weight.value()), &self.out_proj.bias, 0);
        (y, Tensor::constant(attended.into_probabilities()))
    }

    /// The attention weights alone, inside a module and with their gradient: for a loss that says where to look. PyTorch's
    /// `attn(x, memory, memory, average_attn_weights=False)[1]`.
    ///
    /// In: as for [`call_with`](Self::call_with). Out: `[B, HEADS, T, S]`, after dropout, as in PyTorch. The weights of a query
    /// that may attend to nothing are NaN, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    ///
    /// /// The place of the text that answers a question: a pointer network.
    /// #[derive(Module)]
    /// struct Pointer {
    ///     attn: MultiheadAttention<8, 1>,
    /// }
    ///
    /// impl<const B: usize> Forward2<Rank3<B, 1, 8>, Rank3<B, 9, 8>> for Pointer {
    ///     type Output = Rank2<B, 9>;
    ///     fn forward2<M: Mode>(
    ///         &self,
    ///         question: Shared<Rank3<B, 1, 8>, M>,
    ///         text: Shared<Rank3<B, 9, 8>, M>,
    ///     ) -> impl Traced<Self::Output, M> {
    ///         self.attn.call_weights(question, text, Mask::none()).reshape::<Rank2<B, 9>>()
    ///     }
    /// }
    ///
    /// let rng = &mut Rng::seed(0);
    /// let net = Pointer::new(rng);
    /// let p = net.train2(Tensor::<Rank3<4, 1, 8>>::randn(rng), Tensor::<Rank3<4, 9, 8>>::randn(rng));
    /// p.ln().nll_loss(&Tensor::from([3, 0, 8, 5])).backward();
    /// ```
    pub fn call_weights<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, Const<HEADS>, T, S), E, C, K, impl Flow<(B, Const<HEADS>, T, S), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let (x, memory) = (x.in_layer::<C>(), memory.in_layer::<C>());
        let weight = || self.in_proj_weight.traced::<C::Mode>();
        let q = x.project(weight().part::<0, Rank2<D, D>>(0, D));
        let q = self.in_proj_bias.add_part_to(q, 0).into_tensor();
        let k = memory.project(weight().part::<0, Rank2<D, D>>(D, D));
        let k = self.in_proj_bias.add_part_to(k, D).into_tensor();
        let q = q.relabel::<Heads4<B, T, D, HEADS>>().permute::<Axes4<0, 2, 1, 3>>();
        let k = k.relabel::<Heads4<B, S, D, HEADS>>().permute::<Axes4<0, 2, 3, 1>>();
        let sizes = Heads::paired(B::SIZE, [T::SIZE, S::SIZE], HEADS, D);
        let added = Tensor::<(B, Const<HEADS>, T, S), E>::constant(mask.masks.to_added(sizes));
        let scale = Tensor::<(), E>::full(E::from_f64(((D / HEADS) as f64).sqrt().recip()));
        let p = if C::Mode::TRAINING { self.dropout } else { 0.0 };
        Is::of(Is::of((q.matmul(k) * scale + added).softmax::<-1>().dropout(p, &self.generator)))
    }
}

// The impl that errors name: see `Linear`.
#[rustfmt::skip]
impl<B: Dim, T: Dim, S: Dim, const D: usize, const HEADS: usize, E: Float, P: Biases> Forward2<(B, T, Const<D>), (B, S, Const<D>), E> for MultiheadAttention<D, HEADS, E, P> {
    type Output = (B, T, Const<D>);
    fn forward2<M: Mode>(&self, x: Shared<(B, T, Const<D>), M, E>, memory: Shared<(B, S, Const<D>), M, E>) -> impl Traced<Self::Output, M, E> {
        self.call_with(x, memory, Mask::none())
    }
}
