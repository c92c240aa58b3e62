//! y\[..k..] = x\[..i\[..k..]..]: each element is taken from where an index of the same rank says, and dL/dx is
//! the sum of dL/dy over the elements that were taken from a position.
//!
//! The indices have the shape of the result: that of x but for the axis along which they point.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::gather::gather_back;
use crate::ops::support::not_empty::NotEmptyForEach;
use crate::ops::support::results::Unary;
use crate::shape::{Broken, Law, SameExceptAxis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of everything that takes elements by indices: `gather`, `take`, `sort`, `topk`.
pub struct GatherBackward {
    pub(in crate::ops) along: AxisLayout,
    pub(in crate::ops) indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for GatherBackward {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(gather_back(grad.as_slice(), self.along, self.indices.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Takes the elements that `indices` points to along the axis `I`. PyTorch's `gather(I, indices)`.
    ///
    /// In: `S`, and indices of a shape `T` that is `S` with any size at the axis `I`. Out: `T`, which is
    /// inferred: write `_`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[0.1, 0.9], [0.8, 0.2]]);
    /// let labels = Tensor::from([[1], [0]]);
    /// assert_eq!(scores.gather::<-1, _>(&labels), Tensor::from([[0.9], [0.8]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    // rustc shows the next line where a generic argument is missing.
    #[rustfmt::skip]
    #[track_caller]
    pub fn gather<const I: isize, T>( // `x.gather::<1, _>(&indices)`
        self,
        indices: &Tensor<T, i64, impl Sized>,
    ) -> Unary<S, E, C, F, T, GatherBackward>
    where
        T: SameExceptAxis<I, S>,
    {
        let along = AxisLayout::between::<T, S, I>();
        check("gather", Of::Axis(I), along.size, indices.data.as_slice(), T::SIZES);
        self.gather_along(along, indices.data.clone())
    }

    /// The indices have been checked.
    pub(in crate::ops) fn gather_along<T: Shape, K: Kind>(
        self,
        along: AxisLayout,
        indices: Storage<i64>,
    ) -> Unary<S, E, C, F, T, GatherBackward, K> {
        self.gather_along_by(along, indices, |backward| backward)
    }

    /// The same, where the backward pass is that of `law`.
    pub(in crate::ops) fn gather_along_by<T: Shape, K: Kind, B: Pullback<S, T, E>>(
        self,
        along: AxisLayout,
        indices: Storage<i64>,
        law: impl FnOnce(GatherBackward) -> B,
    ) -> Unary<S, E, C, F, T, B, K> {
        let (x, flow) = self.into_waiting();
        let y = E::taken(x.as_slice(), along, indices.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then_as::<K, _, _>(|| law(GatherBackward { along, indices })),
        )
    }
}
