//! y = xⁿ for an integer n, and dL/dx = n xⁿ⁻¹ dL/dy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, PerElement, Pullback, Waiting};
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::ops::support::results::Mapped;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `powi`.
pub struct PowiBackward<E> {
    x: Storage<E>,
    n: i32,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for PowiBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        let n = self.n;
        if n == 0 {
            // Not 0 x⁻¹, which is NaN at 0.
            return Tensor::full(E::zero());
        }
        let factor = E::from_f64(n.into());
        Tensor::constant(FloatZip::Scaled(factor).zip(grad.data, E::powers(self.x, n - 1)))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// xⁿ, element-wise, for an integer n. PyTorch's `pow` with an integer.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, -2.0, 3.0]).powi(2), Tensor::from([1.0, 4.0, 9.0]));
    /// ```
    pub fn powi(
        self, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        n: i32,
    ) -> Mapped<S, E, C, F, PowiBackward<E>> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<PerElement, _, _>(|| PowiBackward { x: x.clone(), n }));
        Tensor::from_waiting(E::powers(x, n), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_sign_of_the_exponent() {
        let x = Tensor::from([0.5_f64, -1.5, 2.0]);
        for n in [-2, -1, 0, 1, 2, 3] {
            gradcheck(x.clone(), |x| x.powi(n).sum()).unwrap();
        }
    }

    #[test]
    fn the_gradient_at_zero_is_finite() {
        let x = Param::new(Tensor::from([0.0, 2.0]));
        x.track().powi(0).sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::zeros());
    }
}
