//! A scalar is compared with a number by `<` and `==`: `if loss < best`.

use crate::element::Element;
use crate::tensor::Tensor;
use std::cmp::Ordering;

/// The shape of a tensor that is one number.
#[diagnostic::on_unimplemented(
    message = "a tensor of shape `{Self}` is not a scalar, so it cannot be compared with one number",
    label = "many numbers are compared with one",
    note = "`x.gt(0.0)`, `x.lt(0.0)` and `x.eq(0.0)` compare element-wise and give a mask",
    note = "`mask.any().item()` and `mask.all().item()` make a `bool` of it"
)]
pub trait OneNumber {}
#[diagnostic::do_not_recommend]
impl OneNumber for () {}

/// Whether a scalar is this number. The graph does not matter.
///
/// ```
/// use typegrad::prelude::*;
/// let loss = Tensor::from([1.0, 2.0]).sum();
/// assert!(loss == 3.0 && loss > 2.5);
/// ```
impl<S: OneNumber, E: Element, G> PartialEq<E> for Tensor<S, E, G> {
    fn eq(&self, other: &E) -> bool {
        self.data.as_slice() == [*other]
    }
}

/// Compares a scalar with a number, as PyTorch does in `if loss < best:`.
impl<S: OneNumber, E: Element, G> PartialOrd<E> for Tensor<S, E, G> {
    fn partial_cmp(&self, other: &E) -> Option<Ordering> {
        self.data.as_slice().first().and_then(|x| x.partial_cmp(other))
    }
}

/// Two types that no value has. rustc takes the only type that a comparison allows for the one that is meant, and finds no bound
/// to report where it allows none: with these, it reports that the shape is not [`OneNumber`].
macro_rules! never_compared {
    ($($nothing:ident)*) => { $(
        #[doc(hidden)]
        #[derive(Debug)]
        pub enum $nothing {}

        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<S, E, G> PartialEq<$nothing> for Tensor<S, E, G> {
            fn eq(&self, other: &$nothing) -> bool {
                match *other {}
            }
        }

        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<S, E, G> PartialOrd<$nothing> for Tensor<S, E, G> {
            fn partial_cmp(&self, other: &$nothing) -> Option<Ordering> {
                match *other {}
            }
        }
    )* };
}
never_compared!(Nothing NothingElse);

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn scalars_are_compared_with_numbers() {
        let w = Param::new(Tensor::from([1.0_f32, 2.0]));
        let loss = w.track().sum();
        assert!(loss > 2.0 && loss <= 3.0 && loss == 3.0 && loss != 2.0);
        let nan = Tensor::from(f64::NAN);
        let number = nan.item();
        assert!(nan != number && !(nan < 0.0) && !(nan >= 0.0));
        assert!(Tensor::from([1, 2, 3]).sum() == 6);
    }
}
