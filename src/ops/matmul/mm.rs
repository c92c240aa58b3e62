//! The product of two matrices: [`matmul`](Tensor::matmul) for this rank on each side.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::MatmulBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Law, MmShape, ProductSizes, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The product of two matrices. PyTorch's `torch.mm`. For `addmm`, add the other tensor: `a.mm(b) + c`.
    ///
    /// In: `[M, K]` and `[K, N]`. Out: `[M, N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.mm(Tensor::from([[1.0], [1.0]])), Tensor::from([[3.0], [7.0]]));
    /// ```
    pub fn mm<R>(self, rhs: R) -> Joined<S, E, C, F, R, <R::Shape as MmShape<S>>::Output, MatmulBackward<E>>
    where
        R: Operand<C, E, Shape: MmShape<S>>,
    {
        let () = ProductSizes::<S, R::Shape>::HOLDS;
        self.multiply(rhs, <R::Shape as MmShape<S>>::BATCHED)
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
        assert_eq!(x::<Rank2<2, 3>>().mm(x::<Rank2<3, 2>>()).to_vec(), [10.0, 4.0, 1.0, 4.0]);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank2<2, 3>>(0), randn::<Rank2<3, 4>>(1));
        gradcheck((a, b), |(a, b)| a.mm(b).powi(2).sum()).unwrap();
    }
}
