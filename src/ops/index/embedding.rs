//! y = the row of a table for each index, and dL/dtable = the sum of dL/dy at the row of each index, but for the row
//! of the padding, whose gradient is 0. It is for the layer; [`lookup`](Tensor::lookup) is the same without padding.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::check::position;
use crate::ops::support::results::Unary;
use crate::shape::{Const, InsertAxis, Rank2, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of an embedding.
pub struct EmbeddingBackward {
    along: AxisLayout,
    indices: Storage<i64>,
    padding: Option<usize>,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EmbeddingBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let mut table = E::rows_back(grad.as_slice(), self.along, self.indices.as_slice());
        if let Some(padding) = self.padding {
            let width = self.along.inner;
            table.make_mut()[padding * width..][..width].fill(E::zero());
        }
        Tensor::constant(table)
    }
}

/// Panics at the first index that is not below `count`, naming where it is.
#[track_caller]
fn check(indices: &[i64], sizes: &[usize], count: usize) {
    // As an unsigned number, a negative index is larger than every size.
    let Some(at) = indices.iter().position(|index| *index as u64 >= count as u64) else { return };
    let (index, position) = (indices[at], position(at, sizes));
    panic!(
        "Embedding: index {index} at position {position:?} is out of range: there are {count} rows, 0..{count}"
    );
}

impl<E, C, F, const NUM: usize, const DIM: usize> Tensor<Rank2<NUM, DIM>, E, Graph<C, F>>
where
    E: Float,
    C: Context,
    F: Flow<Rank2<NUM, DIM>, E>,
{
    /// The rows of this table. The row of `padding` has no gradient.
    #[track_caller]
    pub(crate) fn embedding<S>(
        self,
        indices: Storage<i64>,
        padding: Option<usize>,
    ) -> Unary<Rank2<NUM, DIM>, E, C, F, S::Inserted<Const<DIM>>, EmbeddingBackward>
    where
        S: InsertAxis<-1>,
    {
        check(indices.as_slice(), S::SIZES, NUM);
        let along = AxisLayout { outer: 1, size: NUM, inner: DIM };
        let (table, flow) = self.into_waiting();
        let y = E::rows_at(table.as_slice(), along, indices.as_slice());
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then(|| EmbeddingBackward { along, indices, padding }),
        )
    }
}
