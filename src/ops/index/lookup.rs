//! y = the row of a table `[V, D]` for each index of any shape `S`, a tensor `[..S, D]`; dL/dtable is the sum of dL/dy
//! at the row of each index.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::{Of, check};
use crate::ops::index::index_select::IndexSelectBackward;
use crate::ops::support::results::Unary;
use crate::shape::{Dim, InsertAxis};
use crate::tensor::Tensor;

impl<V, D, E, C, F> Tensor<(V, D), E, Graph<C, F>>
where
    V: Dim,
    D: Dim,
    E: Element,
    C: Context,
    F: Flow<(V, D), E>,
{
    /// The row of this table for each of `ids`. PyTorch's `torch.nn.functional.embedding(ids, table)`.
    ///
    /// In: a table `[V, D]`, and ids of shape `T`. Out: `T` with `D` appended.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let table = Tensor::from([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]]);
    /// let ids = Tensor::from([[2, 2], [0, 1]]);
    /// let y = Tensor::from([[[2.0, 2.5], [2.0, 2.5]], [[0.0, 0.5], [1.0, 1.5]]]);
    /// assert_eq!(table.lookup(&ids), y);
    /// ```
    ///
    /// # Panics
    /// If an id is negative, or not below `V`.
    #[track_caller]
    pub fn lookup<T>(
        self,
        ids: &Tensor<T, i64, impl Sized>,
    ) -> Unary<(V, D), E, C, F, T::Inserted<D>, IndexSelectBackward>
    where
        T: InsertAxis<-1>,
    {
        let along = AxisLayout::of::<(V, D), 0>();
        check("lookup", Of::Axis(0), along.size, ids.data.as_slice(), T::SIZES);
        self.select_rows(along, &ids.data)
    }
}
