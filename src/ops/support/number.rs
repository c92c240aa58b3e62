//! A scalar is compared with a number by `<` and `==`: `if loss < best`.

use crate::element::Element;
use crate::tensor::Tensor;
use std::cmp::Ordering;
use std::marker::PhantomData;

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

/// A tensor of elements `E` and a number of another type, which `==` and `<` do not compare.
#[doc(hidden)]
#[derive(Debug)]
pub struct NumbersOf<S>(PhantomData<S>);

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a tensor with elements `{E}` is compared with a number of another type, such as `{N}`",
    label = "not a number of type `{E}`",
    note = "with floats write `loss < 1.0`, with integers `count == 1`; of a variable `n as f32`",
    note = "many elements are compared by `x.gt(0.0)` or `x.eq(0.0)`, a mask, of which `mask.any().item()` is a `bool`"
)]
pub trait IsComparedWith<E, N> {}

macro_rules! not_compared {
    ($($element:ident $number:ident;)*) => { $(
        #[doc(hidden)]
        impl<S, G> PartialEq<$number> for Tensor<S, $element, G> where NumbersOf<S>: IsComparedWith<$element, $number> {
            fn eq(&self, _: &$number) -> bool {
                unreachable!("no number is")
            }
        }

        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<S, G> PartialOrd<$number> for Tensor<S, $element, G> where NumbersOf<S>: IsComparedWith<$element, $number> {
            fn partial_cmp(&self, _: &$number) -> Option<Ordering> {
                unreachable!("no number is")
            }
        }
    )* };
}
// One type for the literals of each kind: of two, a literal would be of neither.
not_compared! {
    f32 i64;
    f64 i64;
    i64 f64;
}

/// Two tensors that `==` does not compare. A bound of the left one itself would not be reported.
#[doc(hidden)]
#[derive(Debug)]
pub enum Wholes {}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{L}` is compared with `{R}`, which has another shape or elements of another type",
    label = "`==` and `!=` compare tensors of one shape and type of elements",
    note = "elements are converted by `y.to::<f32>()` or `y.long()`, shapes by `x.reshape::<Rank1<8>>()`",
    note = "`a == b` is one `bool`; the elements are compared by `a.eq(&b)`, a mask, and `a.accuracy(&b)`, the share of equal labels"
)]
pub trait Equal<L, R> {}

// One line: rustc shows it in errors.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, T, E, D, G, H> PartialEq<Tensor<T, D, H>> for Tensor<S, E, G> where Wholes: Equal<Tensor<S, E>, Tensor<T, D>> {
    fn eq(&self, _: &Tensor<T, D, H>) -> bool {
        unreachable!("no two tensors are compared so")
    }
}
