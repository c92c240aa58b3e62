//! y = the sum, the mean or the maximum of rows of a table for each bag of indices; dL/dtable is dL/dy, or dL/dy divided by the
//! number of rows, added at each of them, or at the row that the maximum came from.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::index::index::{self, Of};
use crate::kernel::memory::List;
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
    /// A row of each element of a bag, or of each feature; [`NO_ROW`] where there is none.
    rows: List<i64>,
    divisors: List<E>,
    bag: usize,
    max: bool,
}

/// In place of a row that is left out.
const NO_ROW: i64 = -1;

/// Up to so many terms are added in sequence.
const FEW: usize = 64;

/// The rows that are there.
fn present(rows: &[i64]) -> impl Iterator<Item = usize> {
    rows.iter().filter(|row| **row != NO_ROW).map(|row| *row as usize)
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for EmbeddingBagBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let width = S::SIZES[1];
        let mut sums = Storage::filled(S::NUMEL, E::zero());
        let table = sums.make_mut();
        // Rows come in no order: where a sum has many terms, it keeps its rounding errors.
        let mut counts = List::filled(S::SIZES[0], 0_usize);
        present(&self.rows).for_each(|row| counts[row] += 1);
        let terms = if self.max { FEW * width } else { FEW };
        let mut errors =
            List::filled(if counts.iter().any(|count| *count > terms) { S::NUMEL } else { 0 }, E::zero());
        if self.max {
            for (i, (g, row)) in grad.as_slice().iter().zip(&self.rows).enumerate() {
                if *row != NO_ROW {
                    let at = *row as usize * width + i % width;
                    if errors.is_empty() {
                        table[at] += *g;
                    } else {
                        E::accumulate_exactly(&mut table[at..=at], &mut errors[at..=at], &[*g]);
                    }
                }
            }
        } else if width > 0 && self.bag > 0 {
            let bags = self.rows.chunks(self.bag).zip(&self.divisors);
            for (g, (rows, divisor)) in grad.as_slice().chunks(width).zip(bags) {
                let shares: List<_> = g.iter().map(|g| *g / *divisor).collect();
                for row in present(rows) {
                    let row = row * width..(row + 1) * width;
                    if errors.is_empty() {
                        E::accumulate(&mut table[row], &shares);
                    } else {
                        E::accumulate_exactly(&mut table[row.clone()], &mut errors[row], &shares);
                    }
                }
            }
        }
        if !errors.is_empty() {
            E::accumulate(table, &errors);
        }
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
    /// If an index is negative, or not below N, and so of `padding_idx`.
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
        let (x, flow) = self.into_waiting();
        let (ids, bag, width) = (ids.data.as_slice(), <I as Axis<-1>>::Dim::SIZE, D::SIZE);
        index::check("embedding_bag", Of::Axis(0), S::SIZES[0], ids, I::SIZES);
        let rows_of_table = S::SIZES[0];
        if let Some(padding) = padding_idx {
            let exists = padding < rows_of_table;
            assert!(
                exists,
                "embedding_bag: padding_idx must be less than the {rows_of_table} rows, got {padding}"
            );
        }
        let left_out = |id: i64| padding_idx.is_some_and(|padding| id == padding as i64);
        let rows: List<_> = ids.iter().map(|id| if left_out(*id) { NO_ROW } else { *id }).collect();
        let max = mode == BagMode::Max;
        let bags = R::NUMEL;
        let (mut divisors, mut best) =
            (List::with_capacity(bags), List::filled(if max { bags * width } else { 0 }, NO_ROW));
        let mut y = Storage::filled(bags * width, E::zero());
        let (out, mut errors) = (y.make_mut(), List::filled(if bag > FEW { width } else { 0 }, E::zero()));
        let mut of_bag = List::with_capacity(bag);
        for b in 0..bags {
            let out = &mut out[b * width..][..width];
            of_bag.clear();
            of_bag.extend(present(&rows[b * bag..][..bag]).map(|row| row as i64));
            let count = of_bag.len().max(1);
            divisors.push(if mode == BagMode::Mean { E::from_f64(count as f64) } else { E::one() });
            if max {
                E::largest_of_rows(x.as_slice(), &of_bag, out, &mut best[b * width..][..width]);
                continue;
            }
            errors.fill(E::zero());
            for row in &of_bag {
                let x = &x[*row as usize * width..][..width];
                if errors.is_empty() {
                    E::accumulate(out, x);
                } else {
                    E::accumulate_exactly(out, &mut errors, x);
                }
            }
            if !errors.is_empty() {
                E::accumulate(out, &errors);
            }
            if mode == BagMode::Mean {
                out.iter_mut().for_each(|out| *out /= divisors[b]);
            }
        }
        let rows = if max { best } else { rows };
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then(|| EmbeddingBagBackward { rows, divisors, bag, max }),
        )
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
