//! Methods of floats, called on integers or masks: they do not exist, and say so.

use crate::tensor::Tensor;

/// Elements that have a mean: those of a tensor of floats. No tensor of integers or masks is one.
#[diagnostic::on_unimplemented(
    message = "this takes floats, but the elements are `{E}`",
    label = "`{E}` is not a float",
    note = "`x.to::<f32>()` converts integers and masks to floats"
)]
pub trait Floats<E> {}

macro_rules! not_floats {
    ($($e:ty)*) => { $(
        not_floats!($e; mean var std; mean_axis mean_keepdim var_axis std_axis softmax log_softmax);
    )* };
    ($e:ty; $($whole:ident)*; $($axis:ident)*) => {
        impl<S, G> Tensor<S, $e, G> {
            $(#[doc(hidden)]
            pub fn $whole(self) -> Tensor<()>
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
