//! y = the sum, the mean or the maximum of rows of a table for each bag of indices; dL/dtable is dL/dy, or dL/dy divided by the
//! number of rows, added at each of them, or at the row that the maximum came from.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::index::check::{Of, check};
use crate::kernel::index::embedding_bag::Bags;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, InsertAxis, Matrix, Shape};
use crate::tensor::Tensor;

/// How the rows of a bag are reduced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum BagMode {
    /// Their sum.
    Sum,
    /// Their mean, PyTorch's default.
    #[default]
    Mean,
    /// The largest of each feature.
    Max,
}

/// The shape of the bags of a table of shape `S` and indices of shape `I`: `[.., D]` of `[N, D]` and `[.., L]`.
pub type BagsShape<S, I> = <<I as Axis<-1>>::Removed as InsertAxis<-1>>::Inserted<<S as Axis<-1>>::Dim>;

/// The backward pass of `embedding_bag`.
pub struct EmbeddingBagBackward<E> {
    bags: Bags<E>,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EmbeddingBagBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::bags_back(grad.as_slice(), &self.bags, [S::SIZES[0], S::SIZES[1]]))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The sum, the mean or the maximum of rows of this table, for each bag of indices along the last axis. PyTorch's
    /// `F.embedding_bag(ids, table, mode=.., padding_idx=..)`.
    ///
    /// In: a table `[N, D]`, and indices `[.., L]`. Out: `[.., D]`. The index `padding_idx` is left out of its bag; of a bag
    /// without any other the result is 0.
    ///
    /// ```
    /// use typegrad::nn::BagMode;
    /// use typegrad::prelude::*;
    /// let table = Tensor::from([[1.0, 2.0], [3.0, 4.0], [9.0, 0.0]]);
    /// let y = table.embedding_bag(&Tensor::from([[0, 1], [2, 2]]), BagMode::Mean, None);
    /// assert_eq!(y, Tensor::from([[2.0, 3.0], [9.0, 0.0]]));
    /// ```
    ///
    /// # Panics
    /// If an index is negative, or not below N, and so of `padding_idx`.
    #[track_caller]
    pub fn embedding_bag<I>(
        self,
        ids: &Tensor<I, i64, impl Sized>,
        mode: BagMode,
        padding_idx: Option<usize>,
    ) -> Unary<S, E, C, F, BagsShape<S, I>, EmbeddingBagBackward<E>>
    where
        S: Matrix + Axis<-1>,
        I: Axis<-1, Removed: InsertAxis<-1>>,
    {
        let (x, flow) = self.into_waiting();
        let (ids, bag, width) = (ids.data.as_slice(), <I as Axis<-1>>::Dim::SIZE, <S as Axis<-1>>::Dim::SIZE);
        check("embedding_bag", Of::Axis(0), S::SIZES[0], ids, I::SIZES);
        let rows_of_table = S::SIZES[0];
        if let Some(padding) = padding_idx {
            let exists = padding < rows_of_table;
            assert!(
                exists,
                "embedding_bag: padding_idx must be less than the {rows_of_table} rows, got {padding}"
            );
        }
        let reduced = [mode == BagMode::Mean, mode == BagMode::Max];
        let (y, bags) = E::bags_of(x.as_slice(), ids, [I::Removed::NUMEL, bag, width], reduced, padding_idx);
        Tensor::from_parts(y, Waiting::into_inner(flow).then(|| EmbeddingBagBackward { bags }))
    }
}

#[cfg(test)]
mod tests {
    use super::BagMode;
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_mode() {
        let table = Tensor::<Rank2<5, 3>, f64>::randn(&mut Rng::seed(1));
        let ids = Tensor::from([[[0, 1, 4], [4, 4, 1]], [[1, 1, 1], [2, 3, 1]]]);
        for mode in [BagMode::Sum, BagMode::Mean, BagMode::Max] {
            for padding in [None, Some(1)] {
                gradcheck(table.clone(), |x| x.embedding_bag(&ids, mode, padding).powi(2).sum()).unwrap();
            }
        }
    }

    #[test]
    #[should_panic(expected = "embedding_bag: padding_idx must be less than the 2 rows, got 7")]
    fn the_row_of_the_padding_exists() {
        let _ = Tensor::<Rank2<2, 3>>::ones().embedding_bag(&Tensor::from([[1]]), BagMode::Mean, Some(7));
    }

    #[test]
    #[should_panic(
        expected = "embedding_bag: index 2 at position [1, 0] is out of range for axis 0, which has size 2"
    )]
    fn a_row_that_does_not_exist_is_named() {
        let ids = Tensor::from([[1, 0], [2, 1]]);
        let _ = Tensor::<Rank2<2, 3>>::ones().embedding_bag(&ids, BagMode::Mean, None);
    }
}
