//! yᵢ = Σ xⱼ over j ≤ i along an axis, and dL/dxᵢ = Σ dL/dyⱼ over j ≥ i.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::cumulative;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::tensor::Tensor;

/// The backward pass of `cumsum`.
pub struct CumsumBackward {
    along: AxisLayout,
}

impl<S: Shape, E: Numeric> Pullback<S, S, E> for CumsumBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(cumulative::running_sum_backward(grad.data, self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The running sums along the axis `I`. PyTorch's `cumsum(dim=I)`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!(x.cumsum::<-1>(), Tensor::from([[1, 3, 6], [4, 9, 15]]));
    /// ```
    #[rustfmt::skip]
    pub fn cumsum<const I: isize>(self) -> Unary<S, E, C, F, S, CumsumBackward> // `x.cumsum::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| CumsumBackward { along }));
        Tensor::from_waiting(cumulative::running_sum(x, along), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_is_the_reversed_cumulative_sum() {
        let x = Param::new(Tensor::from([1.0, 2.0, 3.0]));
        (x.track().cumsum::<0>() * Tensor::from([1.0, 2.0, 3.0])).sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([6.0, 5.0, 3.0]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.cumsum::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.cumsum::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.cumsum::<-1>().powi(3).sum()).unwrap();
    }
}
