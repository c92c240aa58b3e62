//! y = the elements of x that indices of any shape point to, where x is read as a vector; dL/dx is the sum of dL/dy over
//! the elements that were taken from a position.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, from_the_front};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::results::Unary;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Takes the elements that `indices` points to in row-major order; -1 is the last one. PyTorch's `take`.
    ///
    /// In: any shape, and indices of shape `T`. Out: `T`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.take(&Tensor::from([2, -1])), Tensor::from([3.0, 4.0]));
    /// ```
    ///
    /// # Panics
    /// If an index is not in `-n..n`, where n is the number of elements.
    #[track_caller]
    pub fn take<T: Shape>(
        self,
        indices: &Tensor<T, i64, impl Sized>,
    ) -> Unary<S, E, C, F, T, GatherBackward> {
        let indices = from_the_front("take", Of::Elements, S::NUMEL, &indices.data, T::SIZES);
        self.gather_along(AxisLayout { outer: 1, size: S::NUMEL, inner: 1 }, indices)
    }
}
