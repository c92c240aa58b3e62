//! y = the sum, the mean or the maximum of rows of a table for each bag of indices; dL/dtable is dL/dy, or dL/dy by the number
//! of rows, added at each of them, or at the row that the maximum came from.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::index::index::{self, Of};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Dim, InsertAxis, Matrix, Shape};
use crate::storage::Storage;
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

/// The backward pass of `embedding_bag`: of a maximum, the row that each feature came from; else the rows, and the number by
/// which they are divided.
pub struct EmbeddingBagBackward<E> {
    rows: Vec<Option<usize>>,
    divisors: Vec<E>,
    bag: usize,
    max: bool,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EmbeddingBagBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let width = S::SIZES[1];
        // Rows come in no order, so that their sums keep their rounding errors.
        let mut sums = Storage::filled(S::NUMEL, E::zero());
        let (table, errors) = (sums.make_mut(), &mut *vec![E::zero(); S::NUMEL]);
        if self.max {
            for (i, (g, row)) in grad.as_slice().iter().zip(&self.rows).enumerate() {
                if let Some(row) = row {
                    let at = row * width + i % width;
                    E::accumulate_exactly(&mut table[at..=at], &mut errors[at..=at], &[*g]);
                }
            }
        } else if width > 0 && self.bag > 0 {
            let bags = self.rows.chunks(self.bag).zip(&self.divisors);
            for (g, (rows, divisor)) in grad.as_slice().chunks(width).zip(bags) {
                let shares: Vec<_> = g.iter().map(|g| *g / *divisor).collect();
                for row in rows.iter().flatten() {
                    let row = row * width..(row + 1) * width;
                    E::accumulate_exactly(&mut table[row.clone()], &mut errors[row], &shares);
                }
            }
        }
        E::accumulate(table, errors);
        Tensor::constant(sums)
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
    /// If an index is negative, or not below N.
    #[track_caller]
    pub fn embedding_bag<I, R, D>(
        self,
        ids: &Tensor<I, i64, impl Sized>,
        mode: BagMode,
        padding_idx: Option<usize>,
    ) -> Unary<S, E, C, F, R::Inserted<D>, EmbeddingBagBackward<E>>
    where
        S: Matrix + Axis<-1, Dim = D>,
        I: Axis<-1, Removed = R>,
        R: InsertAxis<-1>,
        D: Dim,
    {
        let (x, flow) = self.into_parts();
        let (ids, bag, width) = (ids.data.as_slice(), <I as Axis<-1>>::Dim::SIZE, D::SIZE);
        index::check("embedding_bag", Of::Axis(0), S::SIZES[0], ids);
        let row = |id: &i64| Some(*id as usize).filter(|id| Some(*id) != padding_idx);
        let rows: Vec<_> = ids.iter().map(row).collect();
        let max = mode == BagMode::Max;
        let bags = R::NUMEL;
        let (mut divisors, mut best) = (Vec::new(), vec![None; if max { bags * width } else { 0 }]);
        let mut y = Storage::filled(bags * width, E::zero());
        let (out, mut errors) = (y.make_mut(), vec![E::zero(); width]);
        for b in 0..bags {
            let (out, rows) = (&mut out[b * width..][..width], &rows[b * bag..][..bag]);
            let count = rows.iter().flatten().count().max(1);
            errors.fill(E::zero());
            divisors.push(if mode == BagMode::Mean { E::from_f64(count as f64) } else { E::one() });
            for row in rows.iter().flatten() {
                let x = &x[row * width..][..width];
                if max {
                    let best = &mut best[b * width..][..width];
                    for ((out, best), x) in out.iter_mut().zip(best).zip(x) {
                        if best.is_none() || *x > *out {
                            (*out, *best) = (*x, Some(*row));
                        }
                    }
                } else {
                    E::accumulate_exactly(out, &mut errors, x);
                }
            }
            E::accumulate(out, &errors);
            out.iter_mut().for_each(|out| *out /= divisors[b]);
        }
        let rows = if max { best } else { rows };
        Tensor::from_parts(y, flow.then(|| EmbeddingBagBackward { rows, divisors, bag, max }))
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
}
