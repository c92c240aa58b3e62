//! y = ln Σ eˣ, and dL/dx = eˣ⁻ʸ dL/dy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::kernel::reduce::softmax;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `logsumexp`.
pub struct LogsumexpBackward<E> {
    x: Storage<E>,
    y: Storage<E>,
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for LogsumexpBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = softmax::logsumexp_backward(self.x, self.y.as_slice(), grad.as_slice(), self.lanes.along);
        Tensor::constant(self.lanes.scatter(dx))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    forms! { logsumexp_lanes(self), LogsumexpBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The logarithm of the sum of the exponentials",
            "The logarithms of the sums of the exponentials",
            "PyTorch's `logsumexp"("dim=(..)"),
            "Its `dim` has all axes. No finite element is too large; the result for no elements is -∞."
        ];
        of "[[1000.0, 1000.0], [f64::NEG_INFINITY, 3.0]]" {
            whole logsumexp(): "x.logsumexp().item(), 1000.0 + 2.0_f64.ln()";
        }
    }

    forms! { logsumexp_lanes(self), LogsumexpBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The logarithm of the sum of the exponentials",
            "The logarithms of the sums of the exponentials",
            "PyTorch's `logsumexp"(),
            "No finite element is too large; the result for no elements is -∞."
        ];
        of "[[1000.0, 1000.0], [f64::NEG_INFINITY, 3.0]]" {
            axis logsumexp_axis[const I: isize](): "x.logsumexp_axis::<-1>(), Tensor::from([1000.0 + 2.0_f64.ln(), 3.0])";
            keepdim logsumexp_keepdim[const I: isize](): "x.logsumexp_keepdim::<-1>(), Tensor::from([[1000.0 + 2.0_f64.ln()], [3.0]])";
        }
        of "[[[0.0, 0.0], [5.0, 5.0]], [[0.0, 0.0], [5.0, 5.0]]]" {
            axes logsumexp_axes(): "x.logsumexp_axes::<Axes2<0, 2>>(), Tensor::from([4.0_f64.ln(), 5.0 + 4.0_f64.ln()])";
            axes_keepdim logsumexp_axes_keepdim(): "x.logsumexp_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[4.0_f64.ln()], [5.0 + 4.0_f64.ln()]]])";
        }
    }

    fn logsumexp_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
    ) -> Unary<S, E, C, F, T, LogsumexpBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let x = lanes.gather(x);
        let y = softmax::logsumexp(x.as_slice(), lanes.along);
        let flow =
            Waiting::into_inner(flow).then_as::<K, _, _>(|| LogsumexpBackward { x, y: y.clone(), lanes });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn infinities_are_as_in_pytorch() {
        let inf = f32::INFINITY;
        let gradient = |x| {
            let x = Param::new(x);
            let y = x.track().logsumexp_axis::<0>().sum().backward();
            (y, x.grad().unwrap().to_vec())
        };
        let (y, dx) = gradient(Tensor::from([-inf, -inf]));
        assert!(y == -inf && dx.iter().all(|d| d.is_nan()));
        let (y, dx) = gradient(Tensor::from([inf, 1.0]));
        assert!(y == inf && dx[0].is_nan() && dx[1] == 0.0);
        let (y, dx) = gradient(Tensor::from([f32::NAN, 1.0]));
        assert!(y.is_nan() && dx.iter().all(|d| d.is_nan()));
        assert_eq!(Tensor::<Rank2<2, 0>>::ones().logsumexp_axis::<1>(), Tensor::full(-inf));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.logsumexp().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.logsumexp_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.logsumexp_keepdim::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.logsumexp_axes::<Axes2<0, 2>>().powi(2).sum()).unwrap();
    }
}
