//! y = (x - mean) / √(variance + ε) w + b over rows: layer, group and RMS normalization, for the layers.
//! The gradients are in `src/kernel/norm/layer_norm.rs`.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::norm::layer_norm::{Moments, RowLayout};
use crate::ops::norm::affine::{AffineOperand, Normalized, WithAffine, check_eps};
use crate::ops::support::packed::{Optional, Packed, PackedBackward};
use crate::shape::{Axis, Broken, Dim, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of the normalization of rows, whose sizes obey the law `L`; of the identity if nothing was normalized.
pub struct LayerNormBackward<E, L = ()>(Option<Saved<E>>, PhantomData<fn() -> L>);

struct Saved<E> {
    x: Storage<E>,
    moments: Moments,
    weight: Option<Storage<E>>,
    rows: RowLayout,
}

impl<S: Shape, P: Shape, E: Float, L: Law> Pullback2<S, Packed<P, P>, S, E> for LayerNormBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, Packed<P, P>, E> {
        let Some(Saved { x, moments, weight, rows }) = self.0 else {
            return (needs_grad.0.then(|| Tensor::constant(grad.data)), None);
        };
        let weight = weight.as_ref().map(Storage::as_slice);
        let (x, affine) = E::layer_norm_back(grad.data, x.as_slice(), &moments, weight, rows, needs_grad);
        (x.map(Tensor::constant), affine.map(Tensor::constant))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Normalizes rows. The weight and the bias have the shape `P`.
    pub(crate) fn normalize_rows<P, W, B, L>(
        self,
        weight: Optional<E, W>,
        bias: Optional<E, B>,
        rows: RowLayout,
        eps: f64,
    ) -> WithAffine<S, E, C, F, P, W, B, LayerNormBackward<E, L>>
    where
        P: Shape,
        W: Flow<P, E>,
        B: Flow<P, E>,
        L: Law,
    {
        self.layer_norm_if(true, weight, bias, rows, eps)
    }

    /// Normalizes rows, or does nothing: decided at run time, under one type.
    pub(crate) fn layer_norm_if<P, W, B, L>(
        self,
        normalize: bool,
        (weight, weight_flow): Optional<E, W>,
        (bias, bias_flow): Optional<E, B>,
        rows: RowLayout,
        eps: f64,
    ) -> WithAffine<S, E, C, F, P, W, B, LayerNormBackward<E, L>>
    where
        P: Shape,
        W: Flow<P, E>,
        B: Flow<P, E>,
        L: Law,
    {
        let (x, flow) = self.into_waiting();
        let affine = weight_flow.join(bias_flow, || PackedBackward);
        if !normalize {
            return Tensor::from_parts(
                x,
                Waiting::into_inner(flow).join(affine, || LayerNormBackward(None, PhantomData)),
            );
        }
        // Without a gradient, the input is not kept and may be written into.
        let saved = (F::TRACKED || W::TRACKED || B::TRACKED).then(|| x.clone());
        let slice = Option::as_ref;
        let (w, b) = (slice(&weight).map(Storage::as_slice), slice(&bias).map(Storage::as_slice));
        let (y, moments) = E::layer_norm_of(x, w, b, rows, eps);
        let flow = Waiting::into_inner(flow).join(affine, || {
            let x = saved.unwrap_or_else(Storage::empty);
            LayerNormBackward(Some(Saved { x, moments, weight, rows }), PhantomData)
        });
        Tensor::from_parts(y, flow)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// (x - mean) / √(variance + `eps`) `weight` + `bias` along the last axis. PyTorch's
    /// `torch.nn.functional.layer_norm(x, (N,), weight, bias, eps)`, whose `eps` is 1e-5 by default.
    ///
    /// In: `[.., N]` a weight and a bias, both `[N]`; `()` for an absent one. Out: `[.., N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 3.0], [-5.0, 5.0]]);
    /// assert_eq!(x.clone().layer_norm((), (), 0.0), Tensor::from([[-1.0, 1.0], [-1.0, 1.0]]));
    /// let y = x.layer_norm(Tensor::from([2.0, 3.0]), (), 0.0);
    /// assert_eq!(y, Tensor::from([[-2.0, 3.0], [-2.0, 3.0]]));
    /// ```
    ///
    /// # Panics
    /// If `eps` is negative or NaN.
    #[track_caller]
    pub fn layer_norm<W, B>(
        self,
        weight: W,
        bias: B,
        eps: f64,
    ) -> Normalized<S, E, C, F, (S::Dim,), W, B, LayerNormBackward<E>>
    where
        S: Axis<-1>,
        W: AffineOperand<C, (S::Dim,), E>,
        B: AffineOperand<C, (S::Dim,), E>,
    {
        let rows = RowLayout { size: S::Dim::SIZE, groups: 1, inner: 1, centered: true };
        self.norm_rows(weight, bias, rows, eps)
    }

    /// Normalizes rows, with operands of the user. The caller knows the rows.
    #[track_caller]
    pub(in crate::ops) fn norm_rows<P, W, B, L>(
        self,
        weight: W,
        bias: B,
        rows: RowLayout,
        eps: f64,
    ) -> Normalized<S, E, C, F, P, W, B, LayerNormBackward<E, L>>
    where
        P: Shape,
        W: AffineOperand<C, P, E>,
        B: AffineOperand<C, P, E>,
        L: Law,
    {
        let (weight, bias) = (weight.into_affine(), bias.into_affine());
        let (y, flow) = self.normalize_rows::<P, _, _, _>(weight, bias, rows, check_eps(eps)).into_waiting();
        Tensor::from_waiting(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck;
    use crate::prelude::*;

    fn optional<S, C, F>(x: Tensor<S, f64, Graph<C, F>>) -> Optional<f64, F> {
        let (data, flow) = x.into_waiting();
        (Some(data), Waiting::into_inner(flow))
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let rng = &mut Rng::seed(1);
        for (size, groups, inner) in [(6, 1, 1), (2, 3, 1), (12, 2, 4), (4, 3, 2)] {
            for centered in [true, false] {
                let rows = RowLayout { size, groups, inner, centered };
                // The shapes say only how many elements there are.
                let x = Tensor::<Rank2<2, 24>, f64>::randn(rng);
                let affine = Tensor::<Rank2<2, 6>, f64>::randn(rng);
                gradcheck((x.clone(), affine), |(x, affine)| {
                    let (w, b) = (affine.clone().select_at::<0, 0>(), affine.select_at::<0, 1>());
                    x.normalize_rows::<Rank1<6>, _, _, ()>(optional(w), optional(b), rows, 1e-3).powi(3).sum()
                })
                .unwrap();
                gradcheck(x, |x| {
                    x.normalize_rows::<Rank1<6>, _, _, ()>((None, ()), (None, ()), rows, 1e-3).powi(3).sum()
                })
                .unwrap();
            }
        }
    }
}
