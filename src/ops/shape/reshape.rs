//! The same elements under another shape.

use crate::element::Element;
use crate::graph::{AsBefore, Context, Flow, Graph, Pullback, Waiting};
use crate::ops::support::results::Rearranged;
use crate::shape::{Broken, Law, SameCount, SameSizes, Shape};
use crate::tensor::Tensor;

/// dL/dx is dL/dy under the shape of x.
pub struct ReshapeBackward;

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for ReshapeBackward {
    const BROKEN: Broken = SameCount::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(grad.data)
    }
}

/// The same for a shape of the same sizes.
pub struct WithShapeBackward;

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for WithShapeBackward {
    const BROKEN: Broken = SameSizes::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(grad.data)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The same elements, in row-major order, under the shape `T`. PyTorch's `reshape`. The memory is shared.
    ///
    /// In: `S`. Out: `T`, which has as many elements; that is checked when the program is built. If it has the sizes of `S` in
    /// another order, three or more that are not 1, `permute` is meant: `[B, H, W, C]` to `[B, C, H, W]` does not build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<6>>::arange().reshape::<Rank2<2, 3>>();
    /// assert_eq!(x, Tensor::from([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn reshape<T: Shape>(self) -> Rearranged<S, E, C, F, T, ReshapeBackward> { // `x.reshape::<Rank2<2, 3>>()`
        let () = SameCount::<S, T>::HOLDS;
        self.relabel()
    }

    /// The same as [`reshape`](Self::reshape). PyTorch's `view`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank1<4>>::arange().view::<Rank2<2, 2>>();
    /// assert_eq!(x, Tensor::from([[0.0, 1.0], [2.0, 3.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn view<T: Shape>(self) -> Rearranged<S, E, C, F, T, ReshapeBackward> { // `x.view::<Rank2<2, 3>>()`
        let () = SameCount::<S, T>::HOLDS;
        self.relabel()
    }

    /// The same elements under a shape of which the caller knows that it has as many.
    pub(crate) fn relabel<T: Shape>(self) -> Rearranged<S, E, C, F, T, ReshapeBackward> {
        // Laws are silent about a size that another one has reported: see `Dim::LOST`.
        assert!(S::NUMEL == T::NUMEL, "the tensor has a size that does not build");
        let (data, flow) = self.into_waiting();
        Tensor::from_parts(data, Waiting::into_inner(flow).then_as::<AsBefore, _, _>(|| ReshapeBackward))
    }

    /// The same tensor, with its computed dimensions written as literals.
    ///
    /// In: `S`, for instance `(Const<4>, Expr<Sum<Const<2>, Const<3>>>)`. Out: `T`, for instance `Rank2<4, 5>`;
    /// that the sizes are equal is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// use typegrad::shape::{Const, Expr, Sum};
    /// let x: Tensor<(Expr<Sum<Const<2>, Const<3>>>,)> = Tensor::ones();
    /// let x: Tensor<Rank1<5>> = x.with_shape();
    /// ```
    pub fn with_shape<T: Shape>(self) -> Rearranged<S, E, C, F, T, WithShapeBackward> {
        let () = SameSizes::<S, T>::HOLDS;
        assert!(S::NUMEL == T::NUMEL, "the tensor has a size that does not build");
        let (data, flow) = self.into_waiting();
        Tensor::from_parts(data, Waiting::into_inner(flow).then_as::<AsBefore, _, _>(|| WithShapeBackward))
    }
}
