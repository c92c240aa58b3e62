//! y = the rows iₖ of x along one axis, and dL/dx = Σₖ dL/dyₖ, added at the row iₖ.
//! The axis is replaced by the one of the indices.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::select::select_back;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Const, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `index_select` and `lookup`.
pub struct IndexSelectBackward {
    along: AxisLayout,
    indices: Storage<i64>,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for IndexSelectBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(select_back(grad.as_slice(), self.along, self.indices.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The rows along the axis `I` that `indices` names, in their order. PyTorch's `index_select(I, indices)`.
    ///
    /// In: `S`, and indices `[N]`, which may repeat. Out: `S` with `N` at the axis `I`. `N` is inferred: write
    /// `_`. For a batch of training data, give the images and their labels the same indices.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    /// let rows = Tensor::from([2, 0]);
    /// assert_eq!(x.index_select::<0, _>(&rows), Tensor::from([[5.0, 6.0], [1.0, 2.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below the size of the axis.
    #[track_caller]
    #[rustfmt::skip]
    pub fn index_select<const I: isize, const N: usize>( // `x.index_select::<0, _>(&rows)`
        self,
        indices: &Tensor<Rank1<N>, i64, impl Sized>,
    ) -> Unary<S, E, C, F, S::With<Const<N>>, IndexSelectBackward>
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        check("index_select", Of::Axis(I), along.size, indices.data.as_slice(), &[N]);
        self.select_rows(along, &indices.data)
    }

    pub(in crate::ops) fn select_rows<T: Shape>(
        self,
        along: AxisLayout,
        indices: &Storage<i64>,
    ) -> Unary<S, E, C, F, T, IndexSelectBackward> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| IndexSelectBackward { along, indices: indices.clone() }));
        Tensor::from_waiting(E::rows_at(x.as_slice(), along, indices.as_slice()), flow)
    }
}
