//! The products of two batches of matrices: [`matmul`](Tensor::matmul) for this rank on each side.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::MatmulBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{BmmShape, Law, ProductSizes, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The products of two batches of matrices. PyTorch's `torch.bmm`. For `baddbmm`, add the other tensor.
    ///
    /// In: `[B, M, K]` and `[B, K, N]`. Out: `[B, M, N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[[1.0, 2.0]], [[3.0, 4.0]]]);
    /// let b = Tensor::from([[[1.0], [1.0]], [[1.0], [-1.0]]]);
    /// assert_eq!(a.bmm(b), Tensor::from([[[3.0]], [[-1.0]]]));
    /// ```
    pub fn bmm<R>(self, rhs: R) -> Joined<S, E, C, F, R, <R::Shape as BmmShape<S>>::Output, MatmulBackward<E>>
    where
        R: Operand<C, E, Shape: BmmShape<S>>,
    {
        let () = ProductSizes::<S, R::Shape>::HOLDS;
        self.multiply(rhs, <R::Shape as BmmShape<S>>::BATCHED)
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
        assert_eq!(x::<Rank3<2, 1, 3>>().bmm(x::<Rank3<2, 3, 2>>()).to_vec(), [10.0, 4.0, 19.0, 22.0]);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank3<3, 2, 3>>(2), randn::<Rank3<3, 3, 2>>(3));
        gradcheck((a, b), |(a, b)| a.bmm(b).powi(2).sum()).unwrap();
    }
}
