//! Where elements belong in a sorted row. There is no gradient, so this takes references.

use crate::element::Element;
use crate::graph::Graph;
use crate::kernel::index::searchsorted::searchsorted;
use crate::shape::{Shape, Vector};
use crate::tensor::Tensor;

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// How many elements of this sorted row are less than each of `values`: the position at which to insert them, before equal elements.
    /// PyTorch's `searchsorted(self, values)`, and `bucketize(values, self)`.
    ///
    /// In: `[N]`, which is sorted, and values of any shape. Out: positions from 0 to N, of the shape of the values. NaN
    /// belongs at the end.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let bounds = Tensor::from([1.0, 3.0, 5.0]);
    /// assert_eq!(bounds.searchsorted(&Tensor::from([[0.0, 3.0], [4.0, 9.0]])), Tensor::from([[0, 1], [2, 3]]));
    /// ```
    pub fn searchsorted<T: Shape>(&self, values: &Tensor<T, E, impl Sized>) -> Tensor<T, i64>
    where
        S: Vector,
    {
        self.searchsorted_with(values, false)
    }

    /// As [`searchsorted`](Self::searchsorted), but after equal elements if `right` is true. PyTorch's
    /// `searchsorted(self, values, right=right)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let bounds = Tensor::from([1, 3, 3, 5]);
    /// assert_eq!(bounds.searchsorted_with(&Tensor::from([3]), true), Tensor::from([3]));
    /// ```
    pub fn searchsorted_with<T: Shape>(
        &self,
        values: &Tensor<T, E, impl Sized>,
        right: bool,
    ) -> Tensor<T, i64>
    where
        S: Vector,
    {
        Tensor::constant(searchsorted(self.as_slice(), values.data.as_slice(), right))
    }
}
