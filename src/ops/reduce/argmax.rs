//! The indices of the largest and the smallest elements. These have no gradient, so they take a reference: the tensor can
//! still be used.

use crate::element::Numeric;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::argmax::Extremum::{self, Largest, Smallest};
use crate::kernel::reduce::argmax::best;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong};
use crate::shape::{Axis, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S: Shape, E: Numeric, C, F> Tensor<S, E, Graph<C, F>> {
    /// The position of the largest element in row-major order: the first NaN if there is one, else the first of
    /// equals. PyTorch's `argmax()`, which promises no order among equals.
    ///
    /// In: any shape with at least one element. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 2.0], [7.0, 3.0]]).argmax().item(), 2);
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn argmax(&self) -> Tensor<(), i64> { // along an axis: `x.argmax_axis::<1>()`
        let () = NotEmpty::<S>::HOLDS;
        Tensor::constant(self.place_of_best(Largest))
    }

    /// The position of the smallest element in row-major order: the first NaN if there is one, else the first of
    /// equals. PyTorch's `argmin()`.
    ///
    /// In: any shape with at least one element. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 2.0], [-7.0, 3.0]]).argmin().item(), 2);
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn argmin(&self) -> Tensor<(), i64> { // along an axis: `x.argmin_axis::<1>()`
        let () = NotEmpty::<S>::HOLDS;
        Tensor::constant(self.place_of_best(Smallest))
    }

    fn place_of_best(&self, which: Extremum) -> Storage<i64> {
        best(self.as_slice(), AxisLayout { outer: 1, size: S::NUMEL, inner: 1 }, which).1
    }

    /// The index on the axis `I` of the largest element along it: the first NaN if there is one, else the first
    /// of equals. PyTorch's `argmax(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [7.0, 3.0]]);
    /// assert_eq!(x.argmax_axis::<-1>(), Tensor::from([1, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn argmax_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, i64> // `x.argmax_axis::<-1>()`
    where
        S: Axis<I>,
    {
        let () = NotEmptyAlong::<S, I>::HOLDS;
        Tensor::constant(best(self.as_slice(), AxisLayout::of::<S, I>(), Largest).1)
    }

    /// The index on the axis `I` of the largest element along it, where the axis stays with size 1. PyTorch's
    /// `argmax(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [7.0, 3.0]]);
    /// assert_eq!(x.argmax_keepdim::<-1>(), Tensor::from([[1], [0]]));
    /// ```
    pub fn argmax_keepdim<const I: isize>(&self) -> Tensor<S::KeptAxis, i64>
    where
        S: Axis<I>,
    {
        let () = NotEmptyAlong::<S, I>::HOLDS;
        Tensor::constant(best(self.as_slice(), AxisLayout::of::<S, I>(), Largest).1)
    }

    /// The index on the axis `I` of the smallest element along it: the first NaN if there is one, else the first
    /// of equals. PyTorch's `argmin(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [7.0, 3.0]]);
    /// assert_eq!(x.argmin_axis::<0>(), Tensor::from([0, 0]));
    /// ```
    #[rustfmt::skip]
    pub fn argmin_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, i64> // `x.argmin_axis::<-1>()`
    where
        S: Axis<I>,
    {
        let () = NotEmptyAlong::<S, I>::HOLDS;
        Tensor::constant(best(self.as_slice(), AxisLayout::of::<S, I>(), Smallest).1)
    }

    /// The index on the axis `I` of the smallest element along it, where the axis stays with size 1. PyTorch's
    /// `argmin(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [7.0, 3.0]]);
    /// assert_eq!(x.argmin_keepdim::<-1>(), Tensor::from([[0], [1]]));
    /// ```
    pub fn argmin_keepdim<const I: isize>(&self) -> Tensor<S::KeptAxis, i64>
    where
        S: Axis<I>,
    {
        let () = NotEmptyAlong::<S, I>::HOLDS;
        Tensor::constant(best(self.as_slice(), AxisLayout::of::<S, I>(), Smallest).1)
    }
}
