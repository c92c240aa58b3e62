//! yᵢ = Π xⱼ over j ≤ i along an axis, and dL/dxᵢ = Σ dL/dyⱼ Π xₖ over j ≥ i and all k ≤ j but i.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::cumulative::{running_product, running_product_backward};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cumprod`.
pub struct CumprodBackward<E> {
    x: Storage<E>,
    along: AxisLayout,
}

impl<S: Shape, E: Numeric> Pullback<S, S, E> for CumprodBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(running_product_backward(grad.data, self.x.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The running products along the axis `I`. PyTorch's `cumprod(dim=I)`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1, 2, 3], [4, 5, 6]]);
    /// assert_eq!(x.cumprod::<-1>(), Tensor::from([[1, 2, 6], [4, 20, 120]]));
    /// ```
    #[rustfmt::skip]
    pub fn cumprod<const I: isize>(self) -> Unary<S, E, C, F, S, CumprodBackward<E>> // `x.cumprod::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| CumprodBackward { x: x.clone(), along }));
        Tensor::from_waiting(running_product(x, along), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn gradients_beside_zeros_and_nan() {
        let x = Param::new(Tensor::from([2.0, 0.0, 3.0, 0.0, 5.0]));
        (x.track().cumprod::<0>() * Tensor::from([1.0, 2.0, 3.0, 4.0, 5.0])).sum().backward();
        // torch: the gradient of (x.cumprod(0) * w).sum()
        assert_eq!(x.grad().unwrap(), Tensor::from([1.0, 22.0, 0.0, 0.0, 0.0]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.cumprod::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.cumprod::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.cumprod::<-1>().sum()).unwrap();
    }
}
