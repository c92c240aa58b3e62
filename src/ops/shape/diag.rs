//! Vector to matrix: Y = x on a diagonal and 0 elsewhere, and dL/dx is that diagonal of dL/dY. Matrix to vector:
//! y = a diagonal of X, and dL/dX = dL/dy there and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::shape::diag::{Line, spread, take};
use crate::ops::support::results::Unary;
use crate::shape::{Shape, VectorOrMatrix};
use crate::tensor::Tensor;

/// The backward pass of `diag`.
pub struct DiagBackward {
    line: Line,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for DiagBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(match S::RANK {
            1 => take(grad.as_slice(), self.line),
            _ => spread(grad.as_slice(), self.line, S::NUMEL),
        })
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The square matrix with a vector on its diagonal `K`, or the diagonal `K` of a matrix. PyTorch's `diag(K)`.
    ///
    /// The diagonal 0 is the main one, 1 the next one above. In: `[N]`, out: `[N + |K|, N + |K|]`. In: `[A, B]`,
    /// out: the length of the diagonal. Both are expressions, which [`with_shape`](Tensor::with_shape) writes as
    /// literals.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]).diag::<0>().with_shape::<Rank2<2, 2>>();
    /// assert_eq!(x, Tensor::from([[1.0, 0.0], [0.0, 2.0]]));
    /// let y = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).diag::<1>();
    /// assert_eq!(y.with_shape(), Tensor::from([2.0, 6.0]));
    /// ```
    #[rustfmt::skip]
    pub fn diag<const K: isize>(self) -> Unary<S, E, C, F, S::Output, DiagBackward> // `x.diag::<0>()`
    where
        S: VectorOrMatrix<K>,
    {
        let to_matrix = S::RANK == 1;
        let columns = if to_matrix { S::NUMEL + K.unsigned_abs() } else { S::SIZES[1] };
        let line = Line {
            start: if K < 0 { K.unsigned_abs() * columns } else { K as usize },
            step: columns + 1,
            len: if to_matrix { S::NUMEL } else { S::Output::NUMEL },
        };
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| DiagBackward { line }));
        let y = match S::RANK {
            1 => spread(x.as_slice(), line, S::Output::NUMEL),
            _ => take(x.as_slice(), line),
        };
        Tensor::from_waiting(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn a_vector_on_each_diagonal_is_read_back() {
        let x = Tensor::from([1, 2]);
        let above = x.clone().diag::<1>().with_shape::<Rank2<3, 3>>();
        assert_eq!(above, Tensor::from([[0, 1, 0], [0, 0, 2], [0, 0, 0]]));
        assert_eq!(above.diag::<1>().with_shape(), x);
        let below = x.clone().diag::<-1>().with_shape::<Rank2<3, 3>>();
        assert_eq!(below, Tensor::from([[0, 0, 0], [1, 0, 0], [0, 2, 0]]));
        assert_eq!(below.diag::<-1>().with_shape(), x);
    }

    #[test]
    fn diagonals_of_matrices_that_are_not_square() {
        let x = Tensor::<Rank2<2, 4>, i64>::from_fn(|i| i as i64);
        assert_eq!(x.clone().diag::<0>().to_vec(), [0, 5]);
        assert_eq!(x.clone().diag::<2>().to_vec(), [2, 7]);
        assert_eq!(x.clone().diag::<3>().to_vec(), [3]);
        assert_eq!(x.clone().diag::<-1>().to_vec(), [4]);
        assert!(x.clone().diag::<4>().to_vec().is_empty());
        assert!(x.diag::<-2>().to_vec().is_empty());
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(12);
        gradcheck(Tensor::<Rank1<3>, f64>::randn(rng), |x| x.diag::<-2>().powi(2).sum()).unwrap();
        let x = Tensor::<Rank2<3, 4>, f64>::randn(rng);
        gradcheck(x.clone(), |x| x.diag::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.diag::<-1>().powi(3).sum()).unwrap();
    }
}
