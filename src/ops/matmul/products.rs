//! The strict forms of the matrix product, as in PyTorch: `mm`, `bmm`, `mv` and `dot` are [`matmul`](Tensor::matmul)
//! for one rank on each side. `outer` is C = a bᵀ, and dL/da = dL/dC b, dL/db = (dL/dC)ᵀ a.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph};
use crate::ops::matmul::matmul::Product;
use crate::ops::support::rhs::Operand;
use crate::shape::{BmmShape, DotShape, MmShape, MvShape, OuterShape, Shape};
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
    pub fn mm<R>(self, rhs: R) -> Product<S, E, C, F, R, <R::Shape as MmShape<S>>::Product>
    where
        R: Operand<C, E, Shape: MmShape<S>>,
    {
        self.multiply(rhs, <R::Shape as MmShape<S>>::BATCHED)
    }

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
    pub fn bmm<R>(self, rhs: R) -> Product<S, E, C, F, R, <R::Shape as BmmShape<S>>::Product>
    where
        R: Operand<C, E, Shape: BmmShape<S>>,
    {
        self.multiply(rhs, <R::Shape as BmmShape<S>>::BATCHED)
    }

    /// The product of a matrix and a vector. PyTorch's `torch.mv`.
    ///
    /// In: `[M, K]` and `[K]`. Out: `[M]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let a = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.mv(Tensor::from([1.0, -1.0])), Tensor::from([-1.0, -1.0]));
    /// ```
    pub fn mv<R>(self, rhs: R) -> Product<S, E, C, F, R, <R::Shape as MvShape<S>>::Product>
    where
        R: Operand<C, E, Shape: MvShape<S>>,
    {
        self.multiply(rhs, <R::Shape as MvShape<S>>::BATCHED)
    }

    /// The inner product of two vectors. PyTorch's `torch.dot`.
    ///
    /// In: `[K]` and `[K]`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 2.0]).dot(Tensor::from([3.0, -1.0])).item(), 1.0);
    /// ```
    pub fn dot<R>(self, rhs: R) -> Product<S, E, C, F, R, <R::Shape as DotShape<S>>::Product>
    where
        R: Operand<C, E, Shape: DotShape<S>>,
    {
        self.multiply(rhs, <R::Shape as DotShape<S>>::BATCHED)
    }

    /// The products of each element of one vector and each of another. PyTorch's `torch.outer`.
    ///
    /// In: `[M]` and `[N]`. Out: `[M, N]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([1.0, 2.0]).outer(Tensor::from([3.0, 4.0]));
    /// assert_eq!(y, Tensor::from([[3.0, 4.0], [6.0, 8.0]]));
    /// ```
    pub fn outer<R>(self, rhs: R) -> Product<S, E, C, F, R, <R::Shape as OuterShape<S>>::Product>
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

    fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
        Tensor::randn(&mut Rng::seed(seed))
    }

    /// Expected values: PyTorch 2.15, with `torch.arange(n) - 3` in the shape of each side.
    #[test]
    fn each_form_has_the_values_of_pytorch() {
        fn x<S: Shape>() -> Tensor<S, f64> {
            Tensor::from_fn(|i| i as f64 - 3.0)
        }
        assert_eq!(x::<Rank2<2, 3>>().mm(x::<Rank2<3, 2>>()).to_vec(), [10.0, 4.0, 1.0, 4.0]);
        assert_eq!(x::<Rank3<2, 1, 3>>().bmm(x::<Rank3<2, 3, 2>>()).to_vec(), [10.0, 4.0, 19.0, 22.0]);
        assert_eq!(x::<Rank2<2, 3>>().mv(x::<Rank1<3>>()).to_vec(), [14.0, -4.0]);
        assert_eq!(x::<Rank1<5>>().dot(x::<Rank1<5>>()).item(), 15.0);
        assert_eq!(x::<Rank1<2>>().outer(x::<Rank1<3>>()).to_vec(), [9.0, 6.0, 3.0, 6.0, 4.0, 2.0]);
    }

    #[test]
    fn each_gradient_agrees_with_differences() {
        let (a, b) = (randn::<Rank2<2, 3>>(0), randn::<Rank2<3, 4>>(1));
        gradcheck((a, b), |(a, b)| a.mm(b).powi(2).sum()).unwrap();
        let (a, b) = (randn::<Rank3<3, 2, 3>>(2), randn::<Rank3<3, 3, 2>>(3));
        gradcheck((a, b), |(a, b)| a.bmm(b).powi(2).sum()).unwrap();
        let (a, b) = (randn::<Rank2<2, 3>>(4), randn::<Rank1<3>>(5));
        gradcheck((a, b), |(a, b)| a.mv(b).powi(2).sum()).unwrap();
        let (a, b) = (randn::<Rank1<7>>(6), randn::<Rank1<7>>(7));
        gradcheck((a, b), |(a, b)| a.dot(b).powi(2)).unwrap();
        let (a, b) = (randn::<Rank1<3>>(8), randn::<Rank1<4>>(9));
        gradcheck((a, b), |(a, b)| a.outer(b).powi(2).sum()).unwrap();
    }

    #[test]
    fn a_vector_times_itself_is_the_square_of_its_norm() {
        let x = Param::new(Tensor::from([1.0, 2.0]));
        x.track().shared(|x| x.clone().dot(x)).backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([2.0, 4.0]));
    }
}
