//! y = Σ (x - mean)² / (n - correction), and dL/dx = 2 (x - mean) / (n - correction) dL/dy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::kernel::reduce::variance;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a variance.
pub struct VarBackward<E> {
    x: Storage<E>,
    lanes: ReduceOver,
    correction: f64,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for VarBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = variance::variance_backward(self.x, grad.as_slice(), self.lanes.along, self.correction);
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
    forms! { var_lanes(self), VarBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["The variance", "The variances", "PyTorch's `var"(), "The divisor is n - 1; NaN for one element."];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole var(= 1): // along an axis: `x.var_axis::<0>()`
                "x.var().item(), 35.0 / 12.0";
            axis var_axis[const I: isize](= 1): // `x.var_axis::<0>()`, over several axes `x.var_axes::<Axes2<0, 1>>()`
                "x.var_axis::<-1>(), Tensor::from([0.5, 2.0])";
            keepdim var_keepdim[const I: isize](= 1): "x.var_keepdim::<-1>(), Tensor::from([[0.5], [2.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes var_axes(= 1): "x.var_axes::<Axes2<0, 2>>(), Tensor::from([4.25, 1.0 / 3.0])";
            axes_keepdim var_axes_keepdim(= 1): "x.var_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[4.25], [1.0 / 3.0]]])";
        }
    }

    forms! { var_lanes(self), VarBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The variance with the divisor n - `correction`",
            "The variances with the divisor n - `correction`",
            "PyTorch's `var"("correction=.."),
            "The correction is any number; the divisor is at least 0."
        ];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole var_with(correction: impl Into<f64>): "x.var_with(0).item(), 2.1875";
            axis var_axis_with[const I: isize](correction: impl Into<f64>): "x.var_axis_with::<-1>(0), Tensor::from([0.25, 1.0])";
            keepdim var_keepdim_with[const I: isize](correction: impl Into<f64>): "x.var_keepdim_with::<-1>(0), Tensor::from([[0.25], [1.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes var_axes_with(correction: impl Into<f64>): "x.var_axes_with::<Axes2<0, 2>>(0), Tensor::from([3.1875, 0.25])";
            axes_keepdim var_axes_keepdim_with(correction: impl Into<f64>): "x.var_axes_keepdim_with::<Axes2<0, 2>>(0), Tensor::from([[[3.1875], [0.25]]])";
        }
    }

    fn var_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        correction: impl Into<f64>,
    ) -> Unary<S, E, C, F, T, VarBackward<E>, K> {
        let correction = correction.into();
        let (x, flow) = self.into_waiting();
        let x = lanes.gather(x);
        let y = variance::variance(x.as_slice(), lanes.along, correction);
        let flow = Waiting::into_inner(flow).then_as::<K, _, _>(|| VarBackward { x, lanes, correction });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn var_without_degrees_of_freedom_is_as_in_pytorch() {
        let inf = f32::INFINITY;
        let gradient = |x: Tensor<Rank1<2>>, correction| {
            let x = Param::new(x);
            let y = x.track().var_with(correction).backward();
            (y, x.grad().unwrap().to_vec())
        };
        assert_eq!(gradient(Tensor::from([1.0, 2.0]), 2), (inf, vec![inf, inf]));
        assert_eq!(gradient(Tensor::from([1.0, 2.0]), 3), (inf, vec![inf, inf]));
        let (y, dx) = gradient(Tensor::from([1.0, 1.0]), 2);
        assert!(y.is_nan() && dx.iter().all(|d| d.is_nan()));
        assert!(Tensor::from([1.0_f32]).var().item().is_nan());
        assert_eq!(Tensor::from([1.0_f32]).var_with(0).item(), 0.0);
        assert!(Tensor::<Rank2<2, 0>>::ones().var_axis::<1>().to_vec().iter().all(|y| y.is_nan()));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.var().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.var_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.var_axis_with::<1>(0).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.var_keepdim::<-1>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.var_axes_keepdim_with::<Axes2<0, 2>>(0).powi(2).sum()).unwrap();
        gradcheck(x, |x| x.var_axes::<Axes2<1, 2>>().powi(2).sum()).unwrap();
    }

    #[test]
    fn a_large_mean_does_not_cancel() {
        assert_eq!(Tensor::from([1e8_f64, 1e8 + 1.0, 1e8 + 2.0]).var().item(), 1.0);
    }
}
