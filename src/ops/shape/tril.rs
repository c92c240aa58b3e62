//! y = x below or above a diagonal and 0 elsewhere, and dL/dx = dL/dy there and 0 elsewhere. The last two axes are
//! the rows and columns.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::shape::diag::{lower, upper};
use crate::ops::support::results::Unary;
use crate::shape::{Matrices, Shape};
use crate::tensor::Tensor;

/// The backward pass of `tril`.
pub struct TrilBackward {
    matrix: [usize; 2],
    diagonal: isize,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for TrilBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(lower(grad.data, self.matrix, self.diagonal))
    }
}

/// The backward pass of `triu`.
pub struct TriuBackward {
    matrix: [usize; 2],
    diagonal: isize,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for TriuBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(upper(grad.data, self.matrix, self.diagonal))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements on and below a diagonal of each matrix, 0 above it. PyTorch's `tril(diagonal)`.
    ///
    /// The diagonal 0 is the main one, 1 the next one above. In: `[.., A, B]`. Out: the same.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::ones();
    /// assert_eq!(x.tril(0), Tensor::from([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]));
    /// ```
    pub fn tril(self, diagonal: isize) -> Unary<S, E, C, F, S, TrilBackward>
    where
        S: Matrices,
    {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| TrilBackward { matrix: S::MATRIX, diagonal }));
        Tensor::from_waiting(lower(x, S::MATRIX, diagonal), flow)
    }

    /// The elements on and above a diagonal of each matrix, 0 below it. PyTorch's `triu(diagonal)`.
    ///
    /// The diagonal 0 is the main one, 1 the next one above. In: `[.., A, B]`. Out: the same.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank2<2, 3>>::ones();
    /// assert_eq!(x.triu(1), Tensor::from([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]));
    /// ```
    pub fn triu(self, diagonal: isize) -> Unary<S, E, C, F, S, TriuBackward>
    where
        S: Matrices,
    {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| TriuBackward { matrix: S::MATRIX, diagonal }));
        Tensor::from_waiting(upper(x, S::MATRIX, diagonal), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn each_matrix_keeps_one_side_of_each_diagonal() {
        let x = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64 + 1);
        for k in [-5, -2, -1, 0, 1, 3, 4, isize::MIN, isize::MAX] {
            let keep = |side: fn(isize, isize) -> bool| {
                Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|n| {
                    let (i, j) = ((n / 4 % 3) as isize, (n % 4) as isize);
                    if side(j - i, k) { n as i64 + 1 } else { 0 }
                })
            };
            assert_eq!(x.clone().tril(k), keep(|d, k| d <= k));
            assert_eq!(x.clone().triu(k), keep(|d, k| d >= k));
        }
    }

    #[test]
    fn masks_have_sides_too() {
        let mask = Tensor::<Rank2<2, 2>, bool>::full(true).tril(0);
        assert_eq!(mask, Tensor::from([[true, false], [true, true]]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 2>, f64>::randn(&mut Rng::seed(11));
        gradcheck(x.clone(), |x| x.tril(-1).powi(2).sum()).unwrap();
        gradcheck(x, |x| x.triu(1).powi(2).sum()).unwrap();
    }
}
