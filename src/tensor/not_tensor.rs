//! Methods and operators of a tensor on a [`PaddedBatch`]: they do not exist there, and say what does.

use super::PaddedBatch;
use super::iterators::without_order;
use super::renamed::{Device, Log};
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Div, DivAssign, Index, Mul, MulAssign, Sub, SubAssign};

/// Each line is a trait that no type has, the label and the note that rustc prints for it.
macro_rules! missing {
    ($($trait:ident, $label:literal, $note:literal;)*) => { $(
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(
            message = "this is a batch of a loader, some of whose rows may be padding",
            label = $label,
            note = $note
        )]
        pub trait $trait {
            type Output;
        }
    )* };
}

missing! {
    RowByRow, "a method of the tensor in it",
        "write `batch.map(|x| x.reshape::<..>())`, with this method in it; the tensor of all rows is `batch.with_padding()`";
    Converted, "a method of the tensor in it",
        "write `batch.map(|x| x.to::<f32>())`; of a mask, `mask.count_nonzero()` is the number of real rows where it is true; `predicted.accuracy(&y)` is the share of equal labels";
    AllElements, "a method of the tensor in it",
        "its elements are `batch.real_elements()`, row by row `batch.real_rows()`, of `batch.num_real_rows()`; the tensor of all rows is \
         `batch.with_padding()`";
    Reduction, "a method of the tensor in it",
        "along a later axis write `batch.map(|x| x.max_axis::<-1>())`, with this method in it; the tensor of all rows is `batch.with_padding()`";
    Loss, "a method of the tensor in it", "write `batch.mean().backward()`: the mean is over the real rows";
    Operand, "an operator of the tensor in it",
        "write `batch.map(|x| x / 255.0)`, `batch.map(|x| x.gt(0.5))`, or, of two batches, `x.zip(y, |x, y| x - y)`";
    Printed, "the tensor in it is printed",
        "print its elements, `batch.real_elements()`, row by row `batch.real_rows()`, or the tensor of all rows, `batch.with_padding()`";
    RightOperand, "an operator of the tensor in it", "write `batch.map(|x| 1.0 - x)`";
    Place, "an index of the tensor in it",
        "a row is `batch.real_rows().nth(i)`, or `batch.with_padding().select::<0>(i)`; a column `batch.map(|x| x.select::<1>(i))`";
}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<X> PaddedBatch<X> {
    pub fn flatten<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn t<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn expand<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn float<R>(&self) -> R where Self: Converted { unreachable!() }
    pub fn double<R>(&self) -> R where Self: Converted { unreachable!() }
    pub fn long<R>(&self) -> R where Self: Converted { unreachable!() }
    pub fn powi<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn powf<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn pow<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn log<R>(&self) -> R where Self: Log { unreachable!() }
    pub fn cpu<R>(&self) -> R where Self: Device { unreachable!() }
    pub fn cuda<R>(&self) -> R where Self: Device { unreachable!() }
    pub fn exp<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn ln<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn square<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn sqrt<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn abs<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn relu<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn gelu<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn sigmoid<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn tanh<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn clamp<A, B, R>(&self, _: A, _: B) -> R where Self: RowByRow { unreachable!() }
    pub fn clip<A, B, R>(&self, _: A, _: B) -> R where Self: RowByRow { unreachable!() }
    pub fn gt<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn ge<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn lt<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn le<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn matmul<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn mm<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn bmm<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn masked_fill<M, T, R>(&self, _: M, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn where_<M, T, R>(&self, _: M, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn lookup<T, R>(&self, _: T) -> R where Self: RowByRow { unreachable!() }
    pub fn zeros_like<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn ones_like<R>(&self) -> R where Self: RowByRow { unreachable!() }
    pub fn shape<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn size<D, R>(&self, _: D) -> R where Self: AllElements { unreachable!() }
    pub fn len<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn numel<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn as_slice<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn to_vec<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn iter<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn tolist<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn numpy<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn item<R>(&self) -> R where Self: AllElements { unreachable!() }
    pub fn argmax<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn argmin<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn max<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn min<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn var<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn std<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn all<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn any<R>(&self) -> R where Self: Reduction { unreachable!() }
    pub fn backward<R>(&self) -> R where Self: Loss { unreachable!() }
}

// With parameters that the program gives, there is none for the result, which is unknown as a part of the trait that is missing.
// The bound of `to` is one of its parameter: that of `Self` would be listed with the bound of the `to` of a network.
#[rustfmt::skip]
#[doc(hidden)]
impl<X> PaddedBatch<X> {
    pub fn reshape<T>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn view<T>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn with_shape<T>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn permute<O>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn to<E: RowByRow>(&self) -> E::Output { unreachable!() } // `x.map(|x| x.to::<f32>())`; there are no devices
    pub fn repeat<K>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn broadcast_to<T>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn one_hot<const K: usize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn unsqueeze<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn transpose<const I: isize, const J: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn movedim<const I: isize, const J: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn flatten_axes<const I: isize, const J: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn unbind<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn flip<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn select<const I: isize>(&self, _: impl Sized) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn select_at<const I: isize, const K: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn slice<const I: isize, const A: usize, const B: usize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn index_select<const I: isize, const N: usize>(&self, _: impl Sized) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn gather<const I: isize, T>(&self, _: impl Sized) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn max_axis<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn min_axis<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn argmin_axis<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn var_axis<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn std_axis<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn sum_keepdim<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn mean_keepdim<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn argmax_keepdim<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn cumsum<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn sort<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn topk<const I: isize, const K: usize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
    pub fn normalize<const I: isize>(&self) -> <Self as RowByRow>::Output where Self: RowByRow { unreachable!() }
}

/// The bound is one of the operand, which rustc does not know yet where it looks for the operator: so it reports the bound.
macro_rules! operators {
    ($($op:ident $method:ident $assign:ident $assign_method:ident;)*) => { $(
        #[doc(hidden)]
        impl<X, R: Operand> $op<R> for PaddedBatch<X> {
            type Output = R::Output;
            fn $method(self, _: R) -> R::Output {
                unreachable!("no operand is one of a batch")
            }
        }

        #[doc(hidden)]
        impl<X, R: Operand> $op<R> for &PaddedBatch<X> {
            type Output = R::Output;
            fn $method(self, _: R) -> R::Output {
                unreachable!("no operand is one of a batch")
            }
        }

        #[doc(hidden)]
        impl<X, R: Operand> $assign<R> for PaddedBatch<X> {
            fn $assign_method(&mut self, _: R) {
                unreachable!("no operand is one of a batch")
            }
        }
    )* };
}
operators! {
    Add add AddAssign add_assign;
    Sub sub SubAssign sub_assign;
    Mul mul MulAssign mul_assign;
    Div div DivAssign div_assign;
}

/// For a single type of floats: were there two, `1.0` would be of neither yet, and so the result of no known type.
macro_rules! numbers_on_the_left {
    ($($number:ident: $($op:ident $method:ident)*;)*) => { $( $(
        #[doc(hidden)]
        impl<X: RightOperand> $op<PaddedBatch<X>> for $number {
            type Output = X::Output;
            fn $method(self, _: PaddedBatch<X>) -> X::Output {
                unreachable!("no tensor is one in a batch")
            }
        }
    )* )* };
}
numbers_on_the_left! {
    f32: Add add Sub sub Mul mul Div div;
    i64: Add add Sub sub Mul mul;
}

#[doc(hidden)]
impl<X, R: Operand> PartialEq<R> for PaddedBatch<X> {
    fn eq(&self, _: &R) -> bool {
        unreachable!("no operand is one of a batch")
    }
}

#[doc(hidden)]
impl<X, R: Operand> PartialOrd<R> for PaddedBatch<X> {
    fn partial_cmp(&self, _: &R) -> Option<Ordering> {
        unreachable!("no operand is one of a batch")
    }
}

#[doc(hidden)]
impl<X, I: Place> Index<I> for PaddedBatch<X> {
    type Output = I::Output;
    fn index(&self, _: I) -> &I::Output {
        unreachable!("no index is in brackets")
    }
}

/// The rows of a batch of an `X` in a loop: see [`PartsOf`](super::iterators::PartsOf).
#[doc(hidden)]
#[derive(Debug)]
pub struct RowsOf<X>(PhantomData<X>);

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this is a batch of a loader, some of whose rows may be padding",
    label = "a loop over the tensor in it",
    note = "write `for row in batch.real_rows()`, or `for x in batch.real_elements()`"
)]
pub trait HasOrder {
    type Part;
}
without_order!(RowsOf<X>: HasOrder; [X] PaddedBatch<X>, [X] &PaddedBatch<X>);

#[doc(hidden)]
impl<X: Printed> fmt::Display for PaddedBatch<X> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        unreachable!("no tensor is printed in a batch")
    }
}
