//! y = Σ xᵢᵢ of a matrix, and dL/dxᵢᵢ = dL/dy, 0 elsewhere.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::reduce::trace::{trace, trace_backward};
use crate::ops::support::results::Unary;
use crate::shape::{Shape, TraceShape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `trace`.
pub struct TraceBackward;

impl<S: Shape, E: Numeric> Pullback<S, (), E> for TraceBackward {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<S, E> {
        Tensor::constant(trace_backward(grad.item(), [S::SIZES[0], S::SIZES[1]]))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The sum of the diagonal of a matrix. PyTorch's `trace`.
    ///
    /// In: `[A, B]`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!(x.trace().item(), 6);
    /// ```
    pub fn trace(self) -> Unary<S, E, C, F, (), TraceBackward>
    where
        S: TraceShape,
    {
        let (x, flow) = self.into_waiting();
        let y = trace(x.as_slice(), S::MATRIX);
        Tensor::from_parts(Storage::filled(1, y), Waiting::into_inner(flow).then(|| TraceBackward))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        gradcheck(Tensor::<Rank2<5, 3>, f64>::randn(rng), |x| x.trace().powi(2)).unwrap();
        gradcheck(Tensor::<Rank2<2, 5>, f64>::randn(rng), |x| x.trace().powi(3)).unwrap();
        assert_eq!(Tensor::<Rank2<0, 3>>::ones().trace().item(), 0.0);
    }
}
