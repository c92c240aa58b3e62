//! y = each element of x several times along an axis, and dL/dx is the sum of dL/dy over these.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::{AxisLayout, repeat, sum};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Const, Expr, Product, Shape};
use crate::tensor::Tensor;

/// The backward pass of `repeat_interleave`.
pub struct RepeatInterleaveBackward {
    along: AxisLayout,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for RepeatInterleaveBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(sum(grad.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Each element `N` times along the axis `I`. PyTorch's `repeat_interleave(N, dim=I)`.
    ///
    /// In: `S`. Out: `S` with `N` times the size at the axis `I`, an expression, which [`with_shape`](Tensor::with_shape)
    /// writes as a literal. [`repeat`](Self::repeat) puts copies of the whole side by side.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[1, 2], [3, 4]]).repeat_interleave::<-1, 2>();
    /// assert_eq!(y.with_shape(), Tensor::from([[1, 1, 2, 2], [3, 3, 4, 4]]));
    /// ```
    #[rustfmt::skip]
    pub fn repeat_interleave<const I: isize, const N: usize>( // `x.repeat_interleave::<0, 2>()`
        self,
    ) -> Unary<S, E, C, F, S::With<Expr<Product<S::Dim, Const<N>>>>, RepeatInterleaveBackward>
    where
        S: Axis<I>,
    {
        let AxisLayout { outer, size, inner } = AxisLayout::of::<S, I>();
        let along = AxisLayout { outer: outer * size, size: N, inner };
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(
            repeat(x.as_slice(), along),
            Waiting::into_inner(flow).then(|| RepeatInterleaveBackward { along }),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        let w = Tensor::<Rank3<2, 9, 4>, f64>::randn(&mut Rng::seed(2));
        gradcheck(x.clone(), |x| {
            (x.repeat_interleave::<1, 3>().with_shape::<Rank3<2, 9, 4>>().powi(2) * &w).sum()
        })
        .unwrap();
        gradcheck(x.clone(), |x| x.repeat_interleave::<0, 2>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.repeat_interleave::<-1, 1>().powi(3).sum()).unwrap();
        assert!(Tensor::from([1, 2]).repeat_interleave::<0, 0>().to_vec().is_empty());
    }
}
