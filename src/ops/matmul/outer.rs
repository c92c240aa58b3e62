//! C = a bᵀ for two vectors, and dL/da = dL/dC b, dL/db = (dL/dC)ᵀ a.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::MatmulBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{OuterShape, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The products of each element of one vector and each of another. PyTorch's `torch.outer`.
    ///
    /// In: `[M]` and `[N]`. Out: `[M, N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([1.0, 2.0]).outer(Tensor::from([3.0, 4.0]));
    /// assert_eq!(y, Tensor::from([[3.0, 4.0], [6.0, 8.0]]));
    /// ```
    pub fn outer<R>(
        self,
        rhs: R,
    ) -> Joined<S, E, C, F, R, <R::Shape as OuterShape<S>>::Output, MatmulBackward<E>>
    where
        R: Operand<C, E, Shape: OuterShape<S>>,
    {
        self.multiply(rhs, <R::Shape as OuterShape<S>>::BATCHED)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    /// Expected values: PyTorch 2.15, with `torch.arange(n) - 3` in the shape of each side.
    #[test]
    fn the_values_are_those_of_pytorch() {
        fn x<S: Shape>() -> Tensor<S, f64> {
            Tensor::from_fn(|i| i as f64 - 3.0)
        }
        assert_eq!(x::<Rank1<2>>().outer(x::<Rank1<3>>()).to_vec(), [9.0, 6.0, 3.0, 6.0, 4.0, 2.0]);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank1<3>>(8), randn::<Rank1<4>>(9));
        gradcheck((a, b), |(a, b)| a.outer(b).powi(2).sum()).unwrap();
    }
}
