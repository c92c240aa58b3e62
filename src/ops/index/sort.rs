//! y = the elements of x along an axis in order, and dL/dx = dL/dy brought back to where they came from.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::sort::{Order, argsort};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::results::{ShapeOf, WithPositions};
use crate::shape::{Axis, Shape};
use crate::tensor::Tensor;

/// The elements of a tensor `X` in another order, and the positions that they had: what [`sort`](Tensor::sort) returns.
pub type Sorted<X> = WithPositions<X, ShapeOf<X>, GatherBackward>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements along the axis `I` from the smallest to the largest, and the positions that they had. PyTorch's
    /// `sort(dim=I, stable=True)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Equal elements keep their order. NaN
    /// comes last.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (sorted, positions) = Tensor::from([3.0, 1.0, 2.0]).sort::<0>();
    /// assert_eq!(sorted, Tensor::from([1.0, 2.0, 3.0]));
    /// assert_eq!(positions, Tensor::from([1, 2, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn sort<const I: isize>(self) -> Sorted<Self> // `x.sort::<-1>()`
    where
        S: Axis<I>,
    {
        self.sort_along(AxisLayout::of::<S, I>(), Order::Ascending)
    }

    /// The elements along the axis `I` from the largest to the smallest, and the positions that they had. PyTorch's
    /// `sort(dim=I, descending=True, stable=True)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Equal elements keep their order. NaN
    /// comes first.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (sorted, positions) = Tensor::from([3.0, 1.0, 2.0]).sort_descending::<0>();
    /// assert_eq!(sorted, Tensor::from([3.0, 2.0, 1.0]));
    /// assert_eq!(positions, Tensor::from([0, 2, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn sort_descending<const I: isize>(self) -> Sorted<Self> // `x.sort_descending::<-1>()`
    where
        S: Axis<I>,
    {
        self.sort_along(AxisLayout::of::<S, I>(), Order::Descending)
    }

    fn sort_along(self, along: AxisLayout, order: Order) -> Sorted<Self> {
        let positions = argsort(self.data.as_slice(), along, order);
        (self.gather_along(along, positions.clone()), Tensor::constant(positions))
    }

    /// The positions that [`sort`](Self::sort) gives. PyTorch's `argsort(dim=I, stable=True)`.
    ///
    /// In: `S`. Out: positions of shape `S`, with which [`take_along`](Self::take_along) sorts.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, 1.0, 2.0]).argsort::<0>(), Tensor::from([1, 2, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn argsort<const I: isize>(&self) -> Tensor<S, i64> // `x.argsort::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(argsort(self.data.as_slice(), AxisLayout::of::<S, I>(), Order::Ascending))
    }

    /// The positions that [`sort_descending`](Self::sort_descending) gives. PyTorch's
    /// `argsort(dim=I, descending=True, stable=True)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, 1.0, 2.0]).argsort_descending::<0>(), Tensor::from([0, 2, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn argsort_descending<const I: isize>(&self) -> Tensor<S, i64> // `x.argsort_descending::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(argsort(self.data.as_slice(), AxisLayout::of::<S, I>(), Order::Descending))
    }
}
