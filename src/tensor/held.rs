//! Methods and operators of a tensor on a [`Buffer`], which holds one: they do not exist there, and say so. As for a parameter, methods
//! take `&mut self`.

use super::buffer::Buffer;
use super::not_tracked::BesideComparison;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Sub, SubAssign};

/// No buffer is, nor what stands for its operand.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a buffer holds a tensor, which is `buffer.value()`",
    label = "of the tensor in it",
    note = "write `self.mean.value()` for `self.mean`: `self.mean.value() * 0.9 + x * 0.1`, `self.mean.value().select::<0>(i)`",
    note = "a new value is set: `self.mean.set(y)`"
)]
pub trait IsTensor {
    type Output;
}

// One line each: rustc shows them in errors. The type of a result is not known, so that nothing is reported where it is used.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Buffer<S, E> {
    pub fn sum<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn mean<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn relu<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn item<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn to_vec<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn as_slice<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn shape<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn iter<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn expand<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn zero_<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn enumerate<R>(&mut self) -> R where Self: IsTensor { unreachable!() }
    pub fn powi<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn matmul<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn copy_<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn fill_<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn nth<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn for_each<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
    pub fn map<T, R>(&mut self, _: T) -> R where Self: IsTensor { unreachable!() }
}

// With parameters that the program gives, there is none for the result.
#[rustfmt::skip]
#[doc(hidden)]
impl<S, E> Buffer<S, E> {
    pub fn mean_axis<const I: isize>(&mut self) -> <Self as IsTensor>::Output where Self: IsTensor { unreachable!() }
    pub fn select<const I: isize>(&mut self, _: impl Sized) -> <Self as IsTensor>::Output where Self: IsTensor { unreachable!() }
}

macro_rules! operators {
    ($($op:ident $method:ident $assign:ident $assign_method:ident;)*) => { $(
        operators!(@ $op $method [S, E] Buffer<S, E>);
        operators!(@ $op $method [S, E] &Buffer<S, E>);

        #[doc(hidden)]
        impl<S, E, R: BesideComparison<Compared: IsTensor>> $assign<R> for Buffer<S, E> {
            fn $assign_method(&mut self, _: R) {
                unreachable!()
            }
        }
    )* };
    (@ $op:ident $method:ident [$($generics:tt)*] $buffer:ty) => {
        #[doc(hidden)]
        impl<$($generics)*, R: BesideComparison<Compared: IsTensor>> $op<R> for $buffer {
            type Output = <R::Compared as IsTensor>::Output;
            fn $method(self, _: R) -> Self::Output {
                unreachable!()
            }
        }
    };
}
operators! {
    Add add AddAssign add_assign;
    Sub sub SubAssign sub_assign;
    Mul mul MulAssign mul_assign;
    Div div DivAssign div_assign;
}

#[doc(hidden)]
impl<S, E, R: BesideComparison<Compared: IsTensor>> PartialEq<R> for Buffer<S, E> {
    fn eq(&self, _: &R) -> bool {
        unreachable!()
    }
}
