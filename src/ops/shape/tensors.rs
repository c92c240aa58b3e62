//! The methods of arrays and tuples of tensors. The first of a tuple is a tensor; of the others, up to seven, the graphs
//! may differ.

use crate::graph::Graph;
use crate::ops::shape::cat::Cat;
use crate::ops::shape::meshgrid::Meshgrid;
use crate::ops::shape::stack::Stack;
use crate::tensor::Tensor;

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
    fn cat<const I: isize>(self) -> <Self as Cat<I>>::Output
    where
        Self: Cat<I>,
    {
        self.cat_all()
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
    fn stack<const I: isize>(self) -> <Self as Stack<I>>::Output
    where
        Self: Stack<I>,
    {
        self.stack_all()
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

macro_rules! impl_tuple {
    ($($rest:ident)*) => {
        impl<S, E, C, F, R, $($rest),*> Tensors for (Tensor<S, E, Graph<C, F>>, R, $($rest,)*) {}
    };
}
impl_tuple!();
impl_tuple!(R2);
impl_tuple!(R2 R3);
impl_tuple!(R2 R3 R4);
impl_tuple!(R2 R3 R4 R5);
impl_tuple!(R2 R3 R4 R5 R6);
impl_tuple!(R2 R3 R4 R5 R6 R7);
