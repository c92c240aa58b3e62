//! Methods of a tensor on a [`Param`]: they do not exist there, and say what does. They take `&mut self`, which rustc looks at last: a
//! method of that name in a trait of the user's goes before them, unless it is called on a `&mut`.

use super::iterators::{HasOrder, PartsOf};
use super::param::Param;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Sub};

/// No parameter is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `Param` becomes a tensor by `track()`, with which its gradient is recorded",
    label = "a method of a tensor",
    note = "write `w.track().square()`, with this method in place of `square`; inside `forward` `self.w.traced::<M>().square()`",
    note = "the value without a gradient is `w.value()`, a `&Tensor`: `w.value().clone().square()`"
)]
pub trait IsTracked {
    type Output;
}

/// No parameter does.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no method changes a parameter in place: its value is set",
    label = "a method of PyTorch",
    note = "write `w.set(w.value().clone().clamp(-1.0, 1.0))`, `w.set(Tensor::zeros())`, `w *= 0.5`, or `w.as_mut_slice()` for its elements"
)]
pub trait ChangesByMethods {}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Param<S, E> {
    pub fn square<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn sqrt<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn exp<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn ln<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn abs<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn sign<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn relu<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn gelu<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn sigmoid<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn tanh<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn sum<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn mean<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn prod<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn std<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn var<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn norm<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn amax<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn amin<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn logsumexp<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn flatten<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn detach<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn item<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn t<R>(&mut self) -> R where Self: IsTracked { unreachable!() }
    pub fn powi<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn powf<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn pow<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn matmul<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn mm<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn mv<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn dot<T, R>(&mut self, _: T) -> R where Self: IsTracked { unreachable!() }
    pub fn clamp<A, B, R>(&mut self, _: A, _: B) -> R where Self: IsTracked { unreachable!() }
    pub fn masked_fill<A, B, R>(&mut self, _: A, _: B) -> R where Self: IsTracked { unreachable!() }
    pub fn where_<A, B, R>(&mut self, _: A, _: B) -> R where Self: IsTracked { unreachable!() }
}

// With parameters that the program gives, there is none for the result.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Param<S, E> {
    pub fn sum_axis<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn mean_axis<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn std_axis<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn norm_axis<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn amax_axis<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn softmax<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn unsqueeze<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn squeeze<const I: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn select<const I: isize>(&mut self, _: impl Sized) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn broadcast_to<T>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn within<M>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn reshape<T>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
    pub fn transpose<const I: isize, const J: isize>(&mut self) -> <Self as IsTracked>::Output where Self: IsTracked { unreachable!() }
}

#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Param<S, E> {
    pub fn zero_<R>(&mut self) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn detach_<R>(&mut self) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn fill_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn copy_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn add_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn sub_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn mul_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn div_<T, R>(&mut self, _: T) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn clamp_<A, B, R>(&mut self, _: A, _: B) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn uniform_<A, B, R>(&mut self, _: A, _: B) -> R where Self: ChangesByMethods { unreachable!() }
    pub fn normal_<A, B, R>(&mut self, _: A, _: B) -> R where Self: ChangesByMethods { unreachable!() }
}

// Methods of iterators: those of `Iterator` rustc does not report by its bound. They take `&mut self`, which it looks at last.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Param<S, E> {
    pub fn nth<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn skip<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn step_by<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn enumerate<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn rev<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn last<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn count<R>(&mut self) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn filter<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
    pub fn for_each<T, R>(&mut self, _: T) -> R where PartsOf<S>: HasOrder { unreachable!() }
}

/// An operand of a comparison with a parameter, and the type whose bound is reported: that of the operand itself would be reported
/// as one of the comparison, if it is a parameter.
#[doc(hidden)]
pub trait BesideComparison {
    type Compared;
}
#[doc(hidden)]
impl<R> BesideComparison for R {
    type Compared = ValueOf<R>;
}

#[doc(hidden)]
#[derive(Debug)]
pub struct ValueOf<R>(PhantomData<R>);

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a parameter is not compared: its value is",
    label = "an operator of tensors",
    note = "write `w.value() == v.value()`, or `w.value() == &x` of a tensor `x`; within a tolerance `w.value().allclose(v.value())`, \
            element-wise `w.value().eq(&x)`"
)]
pub trait ComparedByValue {}

#[doc(hidden)]
impl<S, E, R> PartialEq<R> for Param<S, E>
where
    R: BesideComparison<Compared: ComparedByValue>,
{
    fn eq(&self, _: &R) -> bool {
        unreachable!("no parameter is compared")
    }
}

#[doc(hidden)]
impl<S, E, R> PartialOrd<R> for Param<S, E>
where
    R: BesideComparison<Compared: ComparedByValue>,
{
    fn partial_cmp(&self, _: &R) -> Option<Ordering> {
        unreachable!("no parameter is compared")
    }
}

/// An operand beside a parameter without `&`. No type is one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a parameter is an operand by reference",
    label = "the parameter on the left has no `&`",
    note = "write `&self.w * x`, `x + &self.b`; outside of `forward` also `w.track() * 2.0`, without a gradient `w.value().clone() * 2.0`"
)]
pub trait BesideParam {
    type Output;
}

macro_rules! not_borrowed {
    ($($op:ident $method:ident),*) => { $(
        #[doc(hidden)]
        impl<S, E, R: BesideParam> $op<R> for Param<S, E> {
            type Output = R::Output;
            fn $method(self, _: R) -> R::Output {
                unreachable!("no operand is one")
            }
        }
    )* };
}
not_borrowed!(Add add, Sub sub, Mul mul, Div div);
