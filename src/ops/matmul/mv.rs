//! The product of a matrix and a vector: [`matmul`](Tensor::matmul) for these ranks.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::MatmulBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Law, MvShape, ProductSizes, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The product of a matrix and a vector. PyTorch's `torch.mv`.
    ///
    /// In: `[M, K]` and `[K]`. Out: `[M]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.mv(Tensor::from([1.0, -1.0])), Tensor::from([-1.0, -1.0]));
    /// ```
    pub fn mv<R>(self, rhs: R) -> Joined<S, E, C, F, R, <R::Shape as MvShape<S>>::Output, MatmulBackward<E>>
    where
        R: Operand<C, E, Shape: MvShape<S>>,
    {
        let () = ProductSizes::<S, R::Shape>::HOLDS;
        self.multiply(rhs, <R::Shape as MvShape<S>>::BATCHED)
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
        assert_eq!(x::<Rank2<2, 3>>().mv(x::<Rank1<3>>()).to_vec(), [14.0, -4.0]);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank2<2, 3>>(4), randn::<Rank1<3>>(5));
        gradcheck((a, b), |(a, b)| a.mv(b).powi(2).sum()).unwrap();
    }
}
