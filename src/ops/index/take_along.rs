//! `gather` with indices that may be negative, which count from the end.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, from_the_front};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::results::Unary;
use crate::shape::{SameExceptAxis, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// [`gather`](Self::gather) with indices that may be negative: -1 is the last element of the axis. PyTorch's
    /// `take_along_dim`.
    ///
    /// In: `S`, and indices of a shape `T` that is `S` with any size at the axis `I`. Out: `T`. What
    /// [`argsort`](Self::argsort) gives brings other tensors into the same order.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let ages = Tensor::from([30.0, 10.0, 20.0]);
    /// let heights = Tensor::from([1.8, 1.4, 1.6]);
    /// assert_eq!(heights.take_along::<0, _>(&ages.argsort::<0>()), Tensor::from([1.4, 1.6, 1.8]));
    /// ```
    ///
    /// # Panics
    /// If an index is not below the size of the axis, or below its negative.
    #[track_caller]
    #[doc(alias = "take_along_dim")]
    pub fn take_along<const I: isize, T>(
        self,
        indices: &Tensor<T, i64, impl Sized>,
    ) -> Unary<S, E, C, F, T, GatherBackward>
    where
        T: SameExceptAxis<I, S>,
    {
        let along = AxisLayout::between::<T, S, I>();
        let indices = from_the_front("take_along", Of::Axis(I), along.size, &indices.data, T::SIZES);
        self.gather_along(along, indices)
    }
}
