//! Concatenation: the shapes of `cat` and `stack`.

use super::rank::for_each_rank;
use super::{Axis, Dim, Expr, InsertAxis, Shape, Sum};

/// A tensor of shape `Self` and one of shape `B` can be concatenated along the axis `I`: all other dimensions are
/// equal.
#[diagnostic::on_unimplemented(
    message = "cat along axis {I}: a tensor of shape `{Self}` and one of shape `{B}` differ at another axis",
    label = "the shapes must be equal at all axes but {I}"
)]
pub trait CatWith<const I: isize, B>: Axis<I> {
    /// The shape of the result: the sum of the two dimensions at the axis `I`.
    type Output: Shape;
}

/// A tensor of shape `Self` and one of shape `B` can be stacked at position `I`: the shapes are equal.
#[diagnostic::on_unimplemented(
    message = "stack: a tensor of shape `{Self}` and one of shape `{B}` do not have one shape",
    label = "all tensors of a stack must have the shape of the first"
)]
pub trait StackWith<const I: isize, B>: InsertAxis<I> {}

impl<S: InsertAxis<I>, const I: isize> StackWith<I, S> for S {}

/// One row for each axis, counted from the front and from the back.
macro_rules! impl_cat {
    () => {};
    ($($dim:ident)+) => {
        impl_cat!(@walk [] $($dim)+);
    };
    (@walk [$($before:ident)*] $this:ident $($after:ident)*) => {
        impl_cat!(@row { 0 $(+ impl_cat!(@one $before))* } [$($before)*] $this [$($after)*]);
        impl_cat!(@row { -1 $(- impl_cat!(@one $after))* } [$($before)*] $this [$($after)*]);
        impl_cat!(@walk [$($before)* $this] $($after)*);
    };
    (@walk [$($before:ident)*]) => {};
    (@row $index:block [$($before:ident)*] $this:ident [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Dim,)* $this: Dim, $($after: Dim,)* That: Dim>
            CatWith<$index, ($($before,)* That, $($after,)*)> for ($($before,)* $this, $($after,)*)
        {
            type Output = ($($before,)* Expr<Sum<$this, That>>, $($after,)*);
        }
    };
    (@one $t:ident) => { 1 };
}
for_each_rank!(impl_cat);
