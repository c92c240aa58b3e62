//! How often each of the classes 0, 1, .. occurs, or the sum of their weights. There is no gradient, so this takes a
//! reference.

use crate::element::Numeric;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::bincount::bincount;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::gather::gather_back;
use crate::shape::{Rank1, Shape};
use crate::tensor::Tensor;

impl<S: Shape, C, F> Tensor<S, i64, Graph<C, F>> {
    /// How often each of the integers from 0 to `N` - 1 occurs. PyTorch's `bincount(minlength=N)`.
    ///
    /// In: any shape. Out: `[N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let labels = Tensor::from([1, 3, 1]);
    /// assert_eq!(labels.bincount::<4>(), Tensor::from([0, 2, 0, 1]));
    /// ```
    ///
    /// # Panics
    /// If an element is negative, or not below `N`. PyTorch's result grows.
    #[track_caller]
    #[rustfmt::skip]
    pub fn bincount<const N: usize>(&self) -> Tensor<Rank1<N>, i64> { // `labels.bincount::<10>()`
        check("bincount", Of::Classes, N, self.as_slice(), S::SIZES);
        Tensor::constant(bincount(self.as_slice(), N))
    }

    /// The sum of the weights of each of the integers from 0 to `N` - 1. PyTorch's `bincount(weights, minlength=N)`.
    ///
    /// In: `S`, and a weight for each element. Out: `[N]`, with elements of the type of the weights.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let weights = Tensor::from([0.5, 2.0, 0.25]);
    /// assert_eq!(Tensor::from([1, 2, 1]).bincount_with::<3, _>(&weights), Tensor::from([0.0, 0.75, 2.0]));
    /// ```
    ///
    /// # Panics
    /// If an element is negative, or not below `N`.
    #[track_caller]
    pub fn bincount_with<const N: usize, E: Numeric>(
        &self,
        weights: &Tensor<S, E, impl Sized>,
    ) -> Tensor<Rank1<N>, E> {
        let classes = self.as_slice();
        check("bincount", Of::Classes, N, classes, S::SIZES);
        let along = AxisLayout { outer: 1, size: N, inner: 1 };
        Tensor::constant(gather_back(weights.data.as_slice(), along, classes))
    }
}
