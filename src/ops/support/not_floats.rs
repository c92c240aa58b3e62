//! Methods and operators of floats on integers or masks: they do not exist, and say so.

use crate::element::Float;
use crate::tensor::{PaddedBatch, Tensor};
use std::ops::{Add, Div, Mul, Sub};

/// Elements that have a mean: those of a tensor of floats. No tensor of integers or masks is one.
#[diagnostic::on_unimplemented(
    message = "this takes floats, but the elements are `{E}`",
    label = "`{E}` is not a float",
    note = "`x.to::<f32>()` converts integers and masks to floats, `x.map(|x| x.to::<f32>())` those of a batch of a loader"
)]
pub trait Floats<E> {}

/// Elements that a loss takes first: those of a tensor of floats.
#[diagnostic::on_unimplemented(
    message = "a loss takes the prediction first, which is of floats, but these elements are `{E}`",
    label = "`{E}` is not a float",
    note = "write `scores.cross_entropy(&labels)`, `x.mse_loss(&target)`; `x.to::<f32>()` converts integers and masks to floats"
)]
pub trait PredictionOf<E> {}

/// The same for the type of a loss, whose prediction may be a batch: any float.
#[diagnostic::on_unimplemented(
    message = "a loss takes the prediction first, which is of floats, but these elements are `{Self}`",
    label = "`{Self}` is not a float",
    note = "write `loss.mean(scores, &labels)`, `loss.mean(y, &target)`; `x.to::<f32>()` converts integers and masks to floats"
)]
pub trait Predicted: Float {}

#[diagnostic::do_not_recommend]
impl<E: Float> Predicted for E {}

// One line each, and no macro: rustc shows them in errors. The type of a result is not known, so that nothing is reported
// where it is used.

#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> Tensor<S, i64, G> {
    pub fn mean<R>(self) -> R where Self: Floats<i64> { unreachable!() }
    pub fn var<R>(self) -> R where Self: Floats<i64> { unreachable!() }
    pub fn std<R>(self) -> R where Self: Floats<i64> { unreachable!() }
    pub fn mean_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn mean_keepdim<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn var_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn std_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn softmax<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn log_softmax<const I: isize>(self) -> Tensor<()> where Self: Floats<i64> { unreachable!() }
    pub fn cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn nll_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn mse_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn huber_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn smooth_l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn binary_cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn binary_cross_entropy_with_logits<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn kl_div<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> Tensor<S, bool, G> {
    pub fn mean<R>(self) -> R where Self: Floats<bool> { unreachable!() }
    pub fn var<R>(self) -> R where Self: Floats<bool> { unreachable!() }
    pub fn std<R>(self) -> R where Self: Floats<bool> { unreachable!() }
    pub fn mean_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn mean_keepdim<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn var_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn std_axis<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn softmax<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn log_softmax<const I: isize>(self) -> Tensor<()> where Self: Floats<bool> { unreachable!() }
    pub fn cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn nll_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn mse_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn huber_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn smooth_l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn binary_cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn binary_cross_entropy_with_logits<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn kl_div<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> PaddedBatch<Tensor<S, i64, G>> {
    pub fn mean<R>(self) -> R where Self: Floats<i64> { unreachable!() }
    pub fn cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn nll_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn mse_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn huber_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn smooth_l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn binary_cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn binary_cross_entropy_with_logits<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
    pub fn kl_div<T, R>(self, _: T) -> R where Self: PredictionOf<i64> { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, G> PaddedBatch<Tensor<S, bool, G>> {
    pub fn mean<R>(self) -> R where Self: Floats<bool> { unreachable!() }
    pub fn cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn nll_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn mse_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn huber_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn smooth_l1_loss<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn binary_cross_entropy<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn binary_cross_entropy_with_logits<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
    pub fn kl_div<T, R>(self, _: T) -> R where Self: PredictionOf<bool> { unreachable!() }
}

/// No operand is one of a mask: `&`, `|` and `^` are the operators of masks.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a mask is not a number: the elements on the left are `bool`",
    label = "an operator of numbers",
    note = "write `mask.to::<f32>() * x`; other elements where a mask is false are `x.where_(&mask, 0.0)`; masks are combined by `&`, `|`, `^`"
)]
pub trait OperandOfMasks {
    type Output;
}

macro_rules! no_masks {
    ($($op:ident $method:ident),*) => { $(
        #[doc(hidden)]
        impl<S, G, R: OperandOfMasks> $op<R> for Tensor<S, bool, G> {
            type Output = R::Output;
            fn $method(self, _: R) -> R::Output {
                unreachable!("no operand is one of a mask")
            }
        }
    )* };
}
no_masks!(Add add, Sub sub, Mul mul, Div div);
