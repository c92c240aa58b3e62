//! Normalization layers with and without an affine transformation.

use super::Param;
use super::bias::{Bias, WithoutBias};
use crate::element::Float;
use crate::graph::{Context, Flow};
pub(super) use crate::ops::check_eps;
use crate::shape::{DimExpr, Law, Message, Shape};
use crate::storage::Storage;
use std::marker::PhantomData;

/// The normalization `L` without weight and bias. PyTorch's `affine=False` and `elementwise_affine=False`.
///
/// ```
/// use typegrad::nn::{NoAffine, NoBias};
/// use typegrad::prelude::*;
/// let rng = &mut Rng::seed(0);
/// let norm = NoAffine::<LayerNorm<3>>::new(rng);
/// assert_eq!(norm.num_parameters(), 0);
/// assert_eq!(NoBias::<LayerNorm<3>>::new(rng).num_parameters(), 3);
/// ```
pub type NoAffine<L> = <L as AffineLayer>::WithoutAffine;

/// A layer that has a weight and a bias, or a weight, which [`NoAffine`] leaves out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a normalization whose weight can be left out",
    label = "has no weight to leave out"
)]
pub trait AffineLayer {
    /// The same layer without it.
    type WithoutAffine;
}

/// The type of the field `weight` or `bias` of a normalization: a [`Param`], or [`WithoutBias`].
pub trait MaybeParam<S: Shape, E: Float>: Bias<S, E> {
    #[doc(hidden)]
    fn operand<C: Context>(&self) -> (Option<Storage<E>>, impl Flow<S, E>);
}

impl<S: Shape, E: Float> MaybeParam<S, E> for Param<S, E> {
    fn operand<C: Context>(&self) -> (Option<Storage<E>>, impl Flow<S, E>) {
        let (value, flow) = self.in_context::<C>().into_parts();
        (Some(value), flow)
    }
}

impl<S: Shape, E: Float> MaybeParam<S, E> for WithoutBias {
    fn operand<C: Context>(&self) -> (Option<Storage<E>>, impl Flow<S, E>) {
        (None, ())
    }
}

/// The name of a layer, and what its last or second axis counts, for a message.
pub(super) trait Counting {
    const NAME: &'static str;
    const COUNTS: &'static str;
}

/// Whether a computed size fits the layer `L`.
pub(super) struct CountFits<L, X, const N: usize>(PhantomData<(L, X)>);

impl<L: Counting, X: DimExpr, const N: usize> Law for CountFits<L, X, N> {
    const WRONG: Option<Message> = if X::SIZE == N {
        None
    } else {
        let message = Message::new()
            .text("the layer `")
            .text(L::NAME)
            .text("` takes inputs with ")
            .number(N)
            .text(L::COUNTS)
            .text(", but this one has ")
            .number(X::SIZE);
        Some(message)
    };
}

/// A number or `None`, as Python prints it: with two digits in an exponent.
pub(super) fn number(x: Option<f64>) -> String {
    let Some(x) = x else { return "None".into() };
    let text = format!("{x:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let exponent: i32 = exponent.parse().unwrap_or(0);
            format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::number;
    use crate::nn::{NoAffine, NoBias};
    use crate::prelude::*;

    // The text that PyTorch 2.15 prints.
    #[test]
    fn layers_print_as_in_pytorch() {
        let rng = &mut Rng::seed(0);
        let printed = [
            (
                format!("{:?}", LayerNorm::<3>::new(rng)),
                "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=True)",
            ),
            (
                format!("{:?}", NoBias::<LayerNorm<3>>::new(rng)),
                "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=False)",
            ),
            (
                format!("{:?}", NoAffine::<LayerNorm<3>>::new(rng)),
                "LayerNorm((3,), eps=1e-05, elementwise_affine=False, bias=False)",
            ),
            (format!("{:?}", RmsNorm::<3>::new(rng)), "RMSNorm((3,), eps=None, elementwise_affine=True)"),
            (
                format!("{:?}", NoAffine::<RmsNorm<4>>::new(rng).eps(1e-3)),
                "RMSNorm((4,), eps=0.001, elementwise_affine=False)",
            ),
            (
                format!("{:?}", GroupNorm::<2, 4>::new(rng)),
                "GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)",
            ),
            (
                format!("{:?}", BatchNorm1d::<3>::new(rng)),
                "BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)",
            ),
            (
                format!("{:?}", NoAffine::<BatchNorm2d<3>>::new(rng).momentum(None)),
                "BatchNorm2d(3, eps=1e-05, momentum=None, affine=False, bias=False, track_running_stats=True)",
            ),
        ];
        for (got, want) in printed {
            assert_eq!(got, want);
        }
        assert_eq!([1e16, 2.5e-12, 0.0001].map(|x| number(Some(x))), ["1e+16", "2.5e-12", "0.0001"]);
    }

    #[test]
    fn an_absent_weight_has_no_name() {
        let rng = &mut Rng::seed(0);
        let names = |dict: crate::nn::StateDict| dict.names().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names(NoBias::<LayerNorm<3>>::new(rng).state_dict()), ["weight"]);
        assert_eq!(names(NoAffine::<GroupNorm<1, 3>>::new(rng).state_dict()), [""; 0]);
        let statistics = ["running_mean", "running_var", "num_batches_tracked"];
        assert_eq!(names(NoAffine::<BatchNorm1d<3>>::new(rng).state_dict()), statistics);
        assert_eq!(<BatchNorm2d<16> as Module>::NUM_PARAMETERS, Some(32));
    }

    #[test]
    #[should_panic(expected = "eps must be at least 0, but got -1")]
    fn eps_is_not_negative() {
        let _ = LayerNorm::<3>::new(&mut Rng::seed(0)).eps(-1.0);
    }
}
