//! y = (x - mean) / √(variance + ε) w + b for each channel: batch normalization, for the layers. The mean and the
//! variance are those of the batch, through which the gradient flows, or constants. The gradients are in
//! `src/kernel/norm/batch_norm.rs`.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::norm::batch_norm::{self, Channels, Variances};
use crate::ops::norm::affine::{AffineOperand, Normalized, WithAffine, check_eps};
use crate::ops::support::packed::{Optional, Packed, PackedBackward};
use crate::shape::{Axis, Dim, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of the normalization of channels.
pub struct BatchNormBackward<E> {
    x: Storage<E>,
    means: Storage<E>,
    factors: Storage<E>,
    weight: Option<Storage<E>>,
    along: Channels,
    of_this_batch: bool,
}

impl<S: Shape, P: Shape, E: Float> Pullback2<S, Packed<P, P>, S, E> for BatchNormBackward<E> {
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, Packed<P, P>, E> {
        let BatchNormBackward { x, means, factors, weight, along, of_this_batch } = self;
        let (x, affine) = batch_norm::normalize_backward(
            grad.data,
            x.as_slice(),
            (means.as_slice(), factors.as_slice()),
            weight.as_ref().map(Storage::as_slice),
            (along, of_this_batch),
            needs_grad,
        );
        (x.map(Tensor::constant), affine.map(Tensor::constant))
    }
}

/// The mean and the variance of each channel, and whether they are those of the batch.
pub(crate) struct Statistics<E> {
    pub(crate) means: Storage<E>,
    pub(crate) variances: Variances,
    pub(crate) of_this_batch: bool,
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// Normalizes channels. The weight and the bias have the shape `P`.
    pub(crate) fn normalize_channels<P, W, B>(
        self,
        (weight, weight_flow): Optional<E, W>,
        (bias, bias_flow): Optional<E, B>,
        statistics: Statistics<E>,
        along: Channels,
        eps: f64,
    ) -> WithAffine<S, E, C, F, P, W, B, BatchNormBackward<E>>
    where
        P: Shape,
        W: Flow<P, E>,
        B: Flow<P, E>,
    {
        let (x, flow) = self.into_waiting();
        let affine = weight_flow.join(bias_flow, || PackedBackward);
        // Without a gradient, the input is not kept and may be written into.
        let saved = (F::TRACKED || W::TRACKED || B::TRACKED).then(|| x.clone());
        let Statistics { means, variances, of_this_batch } = statistics;
        let factors = variances.factors(eps);
        let weights = weight.as_ref().map(Storage::as_slice);
        let numbers = batch_norm::numbers(means.clone(), &factors, weights, bias);
        let y = batch_norm::normalize(x, &numbers, along);
        let flow = Waiting::into_inner(flow).join(affine, || BatchNormBackward {
            x: saved.unwrap_or_else(Storage::empty),
            means,
            factors,
            weight,
            along,
            of_this_batch,
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
    /// (x - `mean`) / √(`variance` + `eps`) `weight` + `bias` for each channel, the second axis, with a mean and a variance
    /// that are known. PyTorch's `torch.nn.functional.batch_norm(x, mean, variance, weight, bias, eps=eps)`.
    ///
    /// In: `[B, C, ..]` a mean, a variance, a weight and a bias, all `[C]`; `()` for an absent weight or bias. Out: `[B, C, ..]`. The
    /// statistics of the batch, and running ones, are what [`BatchNorm2d`](crate::nn::BatchNorm2d) has.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (mean, variance) = (Tensor::from([1.0, 0.0]), Tensor::from([4.0, 1.0]));
    /// let y = Tensor::from([[3.0, 2.0]]).batch_norm(&mean, &variance, (), Tensor::from([0.0, 10.0]), 0.0);
    /// assert_eq!(y, Tensor::from([[1.0, 12.0]]));
    /// ```
    ///
    /// # Panics
    /// If `eps` is negative or NaN.
    #[track_caller]
    pub fn batch_norm<W, B>(
        self,
        mean: &Tensor<(S::Dim,), E>,
        variance: &Tensor<(S::Dim,), E>,
        weight: W,
        bias: B,
        eps: f64,
    ) -> Normalized<S, E, C, F, (S::Dim,), W, B, BatchNormBackward<E>>
    where
        S: Axis<1>,
        W: AffineOperand<C, (S::Dim,), E>,
        B: AffineOperand<C, (S::Dim,), E>,
    {
        let along = Channels { channels: S::Dim::SIZE, inner: S::INNER };
        let statistics = Statistics {
            means: mean.data.clone(),
            variances: Variances::of(variance.as_slice()),
            of_this_batch: false,
        };
        let (weight, bias) = (weight.into_affine(), bias.into_affine());
        let y = self.normalize_channels::<(S::Dim,), _, _>(weight, bias, statistics, along, check_eps(eps));
        let (y, flow) = y.into_waiting();
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

    fn statistics(x: &[f64], along: Channels, of_this_batch: bool) -> Statistics<f64> {
        let (means, variances) = if of_this_batch {
            batch_norm::statistics(x, along)
        } else {
            (Storage::from_slice(&[0.5, -1.0, 0.0]), Variances::of(&[0.5, 1.5, 2.0]))
        };
        Statistics { means, variances, of_this_batch }
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let rng = &mut Rng::seed(1);
        for inner in [1, 4] {
            for of_this_batch in [true, false] {
                let along = Channels { channels: 3, inner };
                // The shapes say only how many elements there are.
                let x = Tensor::<Rank1<24>, f64>::randn(rng);
                let affine = Tensor::<Rank2<2, 3>, f64>::randn(rng);
                gradcheck((x.clone(), affine), |(x, affine)| {
                    let statistics = statistics(x.as_slice(), along, of_this_batch);
                    let (w, b) = (affine.clone().select_at::<0, 0>(), affine.select_at::<0, 1>());
                    x.normalize_channels::<Rank1<3>, _, _>(optional(w), optional(b), statistics, along, 1e-3)
                        .powi(3)
                        .sum()
                })
                .unwrap();
                gradcheck(x, |x| {
                    let statistics = statistics(x.as_slice(), along, of_this_batch);
                    x.normalize_channels::<Rank1<3>, _, _>((None, ()), (None, ()), statistics, along, 1e-3)
                        .powi(3)
                        .sum()
                })
                .unwrap();
            }
        }
    }
}
