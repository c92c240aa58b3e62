//! y = x / max(|x|, ε) along an axis, with ε = 1e-12, and dL/dx = (dL/dy - y Σ y dL/dy) / |x|; dL/dy / ε where the
//! norm is smaller than ε.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::norm::normalize::{normalize, normalize_backward};
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `normalize`.
pub struct NormalizeBackward<E> {
    y: Storage<E>,
    norms: Storage<E>,
    along: AxisLayout,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for NormalizeBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        let (y, norms) = (self.y.as_slice(), self.norms.as_slice());
        Tensor::constant(normalize_backward(grad.data, y, norms, self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// x divided by its Euclidean norm along the axis `I`, or by 1e-12 where that is larger. PyTorch's
    /// `torch.nn.functional.normalize(dim=I)`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 0.0]]);
    /// assert_eq!(x.normalize::<-1>(), Tensor::from([[0.6, 0.8], [0.0, 0.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn normalize<const I: isize>(self) -> Unary<S, E, C, F, S, NormalizeBackward<E>> // `x.normalize::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_waiting();
        let (y, norms) = normalize(x, along);
        let flow = Waiting::into_inner(flow).then(|| NormalizeBackward { y: y.clone(), norms, along });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn the_gradient_is_that_of_pytorch_at_and_near_zero() {
        let gradient = |x: [f64; 2]| {
            let x = Param::new(Tensor::from(x));
            (x.track().normalize::<0>() * Tensor::from([1.0, 2.0])).sum().backward();
            x.grad().unwrap().to_vec()
        };
        assert_eq!(gradient([0.0, 0.0]), [1e12, 2e12]);
        assert_eq!(gradient([1e-13, 0.0]), [1e12, 2e12]);
        let dx = gradient([3.0, 4.0]);
        assert!((dx[0] + 0.064).abs() < 1e-15 && (dx[1] - 0.048).abs() < 1e-15);
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.normalize::<0>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.normalize::<1>().powi(3).sum()).unwrap();
        gradcheck(x, |x| x.normalize::<-1>().powi(3).sum()).unwrap();
    }
}
