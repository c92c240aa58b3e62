//! yᵢ = xᵢ₊₁ - xᵢ along an axis, and dL/dxᵢ = dL/dyᵢ₋₁ - dL/dyᵢ.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::diff::{differences, differences_back};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::tensor::Tensor;

/// The backward pass of `diff`.
pub struct DiffBackward {
    along: AxisLayout,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for DiffBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(differences_back(&grad.data, self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The differences of neighbors along the axis `I`. PyTorch's `diff(dim=I)`; for `n=2` and more, call it repeatedly.
    ///
    /// In: `S`. Out: `S` with one element less at the axis `I`, an expression, which [`with_shape`](Tensor::with_shape)
    /// writes as a literal.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1, 3, 6], [0, 5, 4]]);
    /// assert_eq!(x.diff::<-1>().with_shape(), Tensor::from([[2, 3], [5, -1]]));
    /// ```
    #[rustfmt::skip]
    pub fn diff<const I: isize>(self) -> Unary<S, E, C, F, S::ShortenedAxis, DiffBackward> // `x.diff::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_waiting();
        let y = differences(&x, along);
        Tensor::from_parts(y, Waiting::into_inner(flow).then(|| DiffBackward { along }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.diff::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.diff::<1>().diff::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.diff::<-1>().powi(3).sum()).unwrap();
    }

    #[test]
    fn diff_of_one_element_is_empty() {
        let x = Param::new(Tensor::from([[1.0], [2.0]]));
        let y = x.track().diff::<-1>();
        assert!(y.to_vec().is_empty());
        y.sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::zeros());
        assert!(Tensor::<Rank2<0, 2>>::ones().diff::<0>().to_vec().is_empty());
    }
}
