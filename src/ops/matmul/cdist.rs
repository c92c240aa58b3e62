//! yᵢⱼ = (Σ |aᵢ - bⱼ|ᵖ)^(1/p) for the rows of A and B, and dL/daᵢ = Σ dL/dyᵢⱼ sign(aᵢ - bⱼ) (|aᵢ - bⱼ| / yᵢⱼ)^(p - 1), dL/db
//! likewise, with the other sign.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::matmul::cdist::{Sizes, cdist, cdist_backward};
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{CdistShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cdist`.
pub struct CdistBackward<E> {
    a: Storage<E>,
    b: Storage<E>,
    y: Storage<E>,
    sizes: Sizes,
    p: f64,
}

impl<A: Shape, B: Shape, T: Shape, E: Float> Pullback2<A, B, T, E> for CdistBackward<E> {
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let [batch, rows_a, rows_b, width] = self.sizes;
        let (a, b, p) = (self.a.as_slice(), self.b.as_slice(), self.p);
        let along = [grad.as_slice(), self.y.as_slice()];
        let left =
            needs_grad.0.then(|| Tensor::constant(cdist_backward(along, false, [a, b], self.sizes, p)));
        let right = needs_grad.1.then(|| {
            let turned = [batch, rows_b, rows_a, width];
            Tensor::constant(cdist_backward(along, true, [b, a], turned, p))
        });
        (left, right)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The Euclidean distance of each row of this tensor to each row of another one. PyTorch's `torch.cdist`.
    ///
    /// In: `[P, M]` and `[R, M]`, or `[B, P, M]` and `[B, R, M]`. Out: `[P, R]`, or `[B, P, R]`. The gradient of equal rows is
    /// 0. The distances are those of the differences, also where PyTorch computes them by a product.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let points = Tensor::from([[0.0, 0.0], [3.0, 0.0]]);
    /// assert_eq!(points.cdist(Tensor::from([[3.0, 4.0]])), Tensor::from([[5.0], [4.0]]));
    /// ```
    pub fn cdist<R>(
        self,
        rhs: R,
    ) -> Joined<S, E, C, F, R, <R::Shape as CdistShape<S>>::Output, CdistBackward<E>>
    where
        R: Operand<C, E, Shape: CdistShape<S>>,
    {
        self.cdist_with(rhs, 2.0)
    }

    /// The distance by the norm with any `p` of each row of this tensor to each row of another one: 0, 1, 2, infinity and
    /// others. PyTorch's `torch.cdist(a, b, p)`.
    ///
    /// In and out as [`cdist`](Self::cdist).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let points = Tensor::from([[0.0, 0.0], [3.0, 0.0]]);
    /// assert_eq!(points.cdist_with(Tensor::from([[3.0, 4.0]]), 1.0), Tensor::from([[7.0], [4.0]]));
    /// ```
    ///
    /// # Panics
    /// If `p` is negative.
    #[track_caller]
    pub fn cdist_with<R>(
        self,
        rhs: R,
        p: f64,
    ) -> Joined<S, E, C, F, R, <R::Shape as CdistShape<S>>::Output, CdistBackward<E>>
    where
        R: Operand<C, E, Shape: CdistShape<S>>,
    {
        assert!(p >= 0.0, "cdist: p must be at least 0, got {p}");
        let sizes = <R::Shape as CdistShape<S>>::SIZES;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_operand();
        let y = cdist(a.as_slice(), b.as_slice(), sizes, p);
        let flow = Waiting::into_inner(flow).join(rhs, || CdistBackward { a, b, y: y.clone(), sizes, p });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_norm() {
        fn randn<S: Shape>(seed: u64) -> Tensor<S, f64> {
            Tensor::randn(&mut Rng::seed(seed))
        }
        let (a, b) = (randn::<Rank2<4, 3>>(1), randn::<Rank2<2, 3>>(2));
        for p in [0.0, 0.7, 1.0, 2.0, 3.5, f64::INFINITY] {
            gradcheck((a.clone(), b.clone()), |(a, b)| a.cdist_with(b, p).powi(2).sum()).unwrap();
        }
        let (a, b) = (randn::<Rank3<2, 3, 5>>(1), randn::<Rank3<2, 2, 5>>(2));
        gradcheck((a, b), |(a, b)| a.cdist(b).powi(3).sum()).unwrap();
    }

    #[test]
    fn rows_without_elements_are_equal() {
        let y = Tensor::<Rank2<2, 0>>::ones().cdist(Tensor::<Rank2<3, 0>>::ones());
        assert_eq!(y, Tensor::zeros());
    }
}
