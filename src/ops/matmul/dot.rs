//! The inner product of two vectors: [`matmul`](Tensor::matmul) for this rank on each side.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::MatmulBackward;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{DotShape, Law, ProductSizes, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The inner product of two vectors. PyTorch's `torch.dot`.
    ///
    /// In: `[K]` and `[K]`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 2.0]).dot(Tensor::from([3.0, -1.0])).item(), 1.0);
    /// ```
    pub fn dot<R>(self, rhs: R) -> Joined<S, E, C, F, R, <R::Shape as DotShape<S>>::Output, MatmulBackward<E>>
    where
        R: Operand<C, E, Shape: DotShape<S>>,
    {
        let () = ProductSizes::<S, R::Shape>::HOLDS;
        self.multiply(rhs, <R::Shape as DotShape<S>>::BATCHED)
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
        assert_eq!(x::<Rank1<5>>().dot(x::<Rank1<5>>()).item(), 15.0);
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank1<7>>(6), randn::<Rank1<7>>(7));
        gradcheck((a, b), |(a, b)| a.dot(b).powi(2)).unwrap();
    }

    #[test]
    fn a_vector_times_itself_is_the_square_of_its_norm() {
        let x = Param::new(Tensor::from([1.0, 2.0]));
        x.track().shared(|x| x.clone().dot(x)).backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([2.0, 4.0]));
    }
}
