//! C = A ⊗ B, the products of each element of A and each of B, and dL/dA = Σ dL/dC B, dL/dB = Σ dL/dC A.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{KronShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `kron`.
pub struct KronBackward<E> {
    a: Storage<E>,
    b: Storage<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for KronBackward<E> {
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let (a, b) = ((self.a.as_slice(), A::SIZES), (self.b.as_slice(), B::SIZES));
        let (left, right) = E::kron_back(grad.as_slice(), a, b, needs_grad);
        (left.map(Tensor::constant), right.map(Tensor::constant))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The Kronecker product: each element of this tensor times the whole other one. PyTorch's `torch.kron`.
    ///
    /// In: two tensors of as many axes, one to three. Out: the products of the sizes, expressions, which
    /// [`with_shape`](Tensor::with_shape) writes as literals.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[1, 2]]).kron(Tensor::from([[1, 10], [0, 1]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[1, 10, 2, 20], [0, 1, 0, 2]]));
    /// ```
    pub fn kron<R>(self, rhs: R) -> Joined<S, E, C, F, R, <R::Shape as KronShape<S>>::Output, KronBackward<E>>
    where
        R: Operand<C, E, Shape: KronShape<S>>,
    {
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_operand();
        let y = E::kron_of((a.as_slice(), S::SIZES), (b.as_slice(), R::Shape::SIZES));
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || KronBackward { a, b }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_rank() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank1<3>>(1), randn::<Rank1<2>>(2));
        gradcheck((a, b), |(a, b)| a.kron(b).powi(2).sum()).unwrap();
        let (a, b) = (randn::<Rank2<2, 3>>(1), randn::<Rank2<3, 2>>(2));
        gradcheck((a, b), |(a, b)| (a.kron(b).powi(3)).sum()).unwrap();
        let (a, b) = (randn::<Rank3<2, 1, 3>>(1), randn::<Rank3<2, 2, 1>>(2));
        gradcheck((a, b), |(a, b)| a.kron(b).powi(2).sum()).unwrap();
    }
}
