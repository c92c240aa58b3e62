//! Methods of floats, called on integers or masks: they do not exist, and say so.

use crate::tensor::Tensor;

/// Elements that have a mean: those of a tensor of floats. No tensor of integers or masks is one.
#[diagnostic::on_unimplemented(
    message = "this takes floats, but the elements are `{E}`",
    label = "`{E}` is not a float",
    note = "`x.to::<f32>()` converts integers and masks to floats"
)]
pub trait Floats<E> {}

// The type of a result is not known, so that rustc reports nothing where it is used.
macro_rules! not_floats {
    ($($e:ty)*) => { $(
        not_floats!($e; mean var std; mean_axis mean_keepdim var_axis std_axis softmax log_softmax);
    )* };
    ($e:ty; $($whole:ident)*; $($axis:ident)*) => {
        impl<S, G> Tensor<S, $e, G> {
            $(#[doc(hidden)]
            pub fn $whole<R>(self) -> R
            where
                Self: Floats<$e>,
            {
                unreachable!("no tensor of integers has floats")
            })*
            $(#[doc(hidden)]
            pub fn $axis<const I: isize>(self) -> Tensor<()>
            where
                Self: Floats<$e>,
            {
                unreachable!("no tensor of integers has floats")
            })*
        }
    };
}
not_floats!(i64 bool);

/// Elements that a loss takes first: those of a tensor of floats.
#[diagnostic::on_unimplemented(
    message = "a loss takes the prediction first, which is of floats, but these elements are `{E}`",
    label = "`{E}` is not a float",
    note = "write `scores.cross_entropy(&labels)`, `x.mse_loss(&target)`; `x.to::<f32>()` converts integers and masks to floats"
)]
pub trait PredictionOf<E> {}

macro_rules! no_losses {
    ($($e:ty)*) => { $(
        no_losses!(
            $e; cross_entropy nll_loss mse_loss l1_loss huber_loss smooth_l1_loss
            binary_cross_entropy binary_cross_entropy_with_logits kl_div
        );
    )* };
    ($e:ty; $($loss:ident)*) => {
        impl<S, G> Tensor<S, $e, G> {
            $(#[doc(hidden)]
            pub fn $loss<T, R>(self, _: T) -> R
            where
                Self: PredictionOf<$e>,
            {
                unreachable!("no tensor of integers is a prediction")
            })*
        }
    };
}
no_losses!(i64 bool);
