//! The methods of arrays and tuples of tensors. A tuple has up to eight operands, tensors and parameters, whose graphs may
//! differ.

use crate::graph::{Context, Graph, PlainConstant};
use crate::ops::shape::cat::{Cat, Catted};
use crate::ops::shape::expand::Expanded;
use crate::ops::shape::meshgrid::Meshgrid;
use crate::ops::shape::stack::{Stack, Stacked};
use crate::ops::support::rhs::HasContext;
use crate::shape::Law;
use crate::tensor::Tensor;
use crate::tensor::param::Param;

/// Implements a trait for each axis on its own, and for numbers that no axis has. Where no axis is written, rustc would otherwise
/// list the axes, or report each requirement of the only implementation.
macro_rules! for_each_axis {
    ($trait:ident::$method:ident, $result:ident, $of:ident::$all:ident) => {
        for_each_axis!(@axes $trait::$method, $result, $of::$all; 0, 1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6, -7);
        for_each_axis!(@none $trait::$method, $result; 0, 1, 2, 3, 4, 5);
    };
    (@axes $trait:ident::$method:ident, $result:ident, $of:ident::$all:ident; $($index:expr),*) => { $(
        impl<T: Operands<All: $of<{ $index }>>> $result<{ $index }> for T {
            type Type = <T::All as $of<{ $index }>>::Output;
        }
        impl<T: Operands<All: $of<{ $index }>>> $trait<{ $index }> for T {
            type Output = <T::All as $of<{ $index }>>::Output;
            type Sizes = <T::All as $of<{ $index }>>::Sizes;
            fn $method(self) -> Self::Output {
                self.all().$all()
            }
        }
    )* };
    (@none $trait:ident::$method:ident, $result:ident; $($number:literal),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<T> $result<{ crate::shape::no_axis($number) }> for T {
            type Type = T;
        }
        #[diagnostic::do_not_recommend]
        impl<T> $trait<{ crate::shape::no_axis($number) }> for T {
            type Output = T;
            type Sizes = ();
            fn $method(self) -> T {
                const { panic!("axes count from 0 at the front, and from -1 at the back") }
            }
        }
    )* };
}
pub(super) use for_each_axis;

/// `cat`, `stack` and `meshgrid` of an array or a tuple of tensors.
pub trait Tensors: Sized {
    /// Concatenates the tensors along the axis `I`. PyTorch's `torch.cat(tensors, dim=I)`.
    ///
    /// In: shapes that are equal but for the axis `I`. Out: that shape, with the sum at the axis `I`: an
    /// expression, which [`with_shape`](Tensor::with_shape) writes as a literal.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let b = Tensor::from([[5.0], [6.0]]);
    /// let y: Tensor<Rank2<2, 5>, f64> = (a.clone(), b, a).cat::<1>().with_shape();
    /// assert_eq!(y, Tensor::from([[1.0, 2.0, 5.0, 1.0, 2.0], [3.0, 4.0, 6.0, 3.0, 4.0]]));
    /// ```
    // rustc shows the next line where an axis is missing.
    #[rustfmt::skip]
    fn cat<const I: isize>(self) -> <Self as Catted<I>>::Type // `(x, y).cat::<0>()`
    where
        Self: Cat<I>,
    {
        let () = <Self as Cat<I>>::Sizes::HOLDS;
        Cat::<I>::cat(self)
    }

    /// Stacks the tensors along a new axis at position `I`. PyTorch's
    /// `torch.stack(tensors, dim=I)`.
    ///
    /// In: `N` tensors of shape `S`. Out: `S` with `N` inserted at position `I`, where `-1` is the end.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (a, b) = (Tensor::from([1.0, 2.0, 3.0]), Tensor::from([4.0, 5.0, 6.0]));
    /// assert_eq!([a.clone(), b.clone()].stack::<0>(), Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    /// assert_eq!((a, b).stack::<-1>(), Tensor::from([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]));
    /// ```
    // rustc shows the next line where an axis is missing.
    #[rustfmt::skip]
    fn stack<const I: isize>(self) -> <Self as Stacked<I>>::Type // `[x, y].stack::<0>()`
    where
        Self: Stack<I>,
    {
        let () = <Self as Stack<I>>::Sizes::HOLDS;
        Stack::<I>::stack(self)
    }

    /// The coordinates of the grid that two or three vectors make. PyTorch's
    /// `torch.meshgrid(x, y, indexing="ij")`.
    ///
    /// In: `[A]` and `[B]`. Out: two tensors `[A, B]`, where the first changes along the first axis.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (x, y) = (Tensor::from([1, 2]), Tensor::from([3, 4, 5])).meshgrid();
    /// assert_eq!(x, Tensor::from([[1, 1, 1], [2, 2, 2]]));
    /// assert_eq!(y, Tensor::from([[3, 4, 5], [3, 4, 5]]));
    /// ```
    fn meshgrid(self) -> <Self as Meshgrid>::Output
    where
        Self: Meshgrid,
    {
        self.coordinates()
    }
}

impl<S, E, C, F, const N: usize> Tensors for [Tensor<S, E, Graph<C, F>>; N] {}

/// A type that may be the first of a tuple. `Expanded` is one, too, so that the method is found, and its error says what can be joined.
pub trait First {}
impl<S, E, G> First for Tensor<S, E, G> {}
impl<S, E, G> First for &Tensor<S, E, G> {}
impl<S, E> First for &Param<S, E> {}
impl<X> First for Expanded<X> {}

impl HasContext for () {
    type Here = PlainConstant;
}

macro_rules! impl_tuple {
    ($($rest:ident)*) => {
        impl<A: First, R, $($rest),*> Tensors for (A, R, $($rest,)*) {}

        /// The context of the first one that has one.
        impl<R: HasContext, $($rest),*> HasContext for (R, $($rest,)*)
        where
            ($($rest,)*): HasContext,
        {
            type Here = <R::Here as Context>::Or<<($($rest,)*) as HasContext>::Here>;
        }
    };
}
impl_tuple!();
impl_tuple!(R2);
impl_tuple!(R2 R3);
impl_tuple!(R2 R3 R4);
impl_tuple!(R2 R3 R4 R5);
impl_tuple!(R2 R3 R4 R5 R6);
impl_tuple!(R2 R3 R4 R5 R6 R7);

/// More than can be joined.
macro_rules! impl_long_tuple {
    ($($rest:ident)*) => {
        impl<A: First, $($rest),*> Tensors for (A, $($rest,)*) {}
    };
}
impl_long_tuple!(R1 R2 R3 R4 R5 R6 R7 R8);
impl_long_tuple!(R1 R2 R3 R4 R5 R6 R7 R8 R9);
impl_long_tuple!(R1 R2 R3 R4 R5 R6 R7 R8 R9 R10);
impl_long_tuple!(R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 R11);
