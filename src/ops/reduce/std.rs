//! y = √(Σ (x - mean)² / (n - correction)), and dL/dx = (x - mean) / ((n - correction) y) dL/dy; 0 where y is 0, as
//! in PyTorch.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::kernel::reduce::variance;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a standard deviation.
pub struct StdBackward<E> {
    x: Storage<E>,
    y: Storage<E>,
    lanes: ReduceOver,
    correction: f64,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for StdBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = variance::deviation_backward(
            self.x,
            self.y.as_slice(),
            grad.as_slice(),
            self.lanes.along,
            self.correction,
        );
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
    forms! { std_lanes(self), StdBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The standard deviation",
            "The standard deviations",
            "PyTorch's `std"(),
            "The divisor is n - 1; NaN for one element."
        ];
        of "[[1.0, 1.0], [0.0, 2.0]]" {
            whole std(= 1): // along an axis: `x.std_axis::<0>()`
                "x.std().item(), (2.0_f64 / 3.0).sqrt()";
            axis std_axis[const I: isize](= 1): // `x.std_axis::<0>()`, over several axes `x.std_axes::<Axes2<0, 1>>()`
                "x.std_axis::<-1>(), Tensor::from([0.0, 2.0_f64.sqrt()])";
            keepdim std_keepdim[const I: isize](= 1): "x.std_keepdim::<-1>(), Tensor::from([[0.0], [2.0_f64.sqrt()]])";
        }
        of "[[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]" {
            axes std_axes(= 1): "x.std_axes::<Axes2<0, 2>>(), Tensor::from([(4.0_f64 / 3.0).sqrt(), (1.0_f64 / 3.0).sqrt()])";
            axes_keepdim std_axes_keepdim(= 1): "x.std_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[(4.0_f64 / 3.0).sqrt()], [(1.0_f64 / 3.0).sqrt()]]])";
        }
    }

    forms! { std_lanes(self), StdBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The standard deviation with the divisor n - `correction`",
            "The standard deviations with the divisor n - `correction`",
            "PyTorch's `std"("correction=.."),
            "The correction is any number; the divisor is at least 0."
        ];
        of "[[1.0, 1.0], [0.0, 2.0]]" {
            whole std_with(correction: impl Into<f64>): "x.std_with(0).item(), 0.5_f64.sqrt()";
            axis std_axis_with[const I: isize](correction: impl Into<f64>): "x.std_axis_with::<-1>(0), Tensor::from([0.0, 1.0])";
            keepdim std_keepdim_with[const I: isize](correction: impl Into<f64>): "x.std_keepdim_with::<-1>(0), Tensor::from([[0.0], [1.0]])";
        }
        of "[[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]" {
            axes std_axes_with(correction: impl Into<f64>): "x.std_axes_with::<Axes2<0, 2>>(0), Tensor::from([1.0, 0.5])";
            axes_keepdim std_axes_keepdim_with(correction: impl Into<f64>): "x.std_axes_keepdim_with::<Axes2<0, 2>>(0), Tensor::from([[[1.0], [0.5]]])";
        }
    }

    fn std_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        correction: impl Into<f64>,
    ) -> Unary<S, E, C, F, T, StdBackward<E>, K> {
        let correction = correction.into();
        let (x, flow) = self.into_waiting();
        let x = lanes.gather(x);
        let y = variance::deviation(x.as_slice(), lanes.along, correction);
        let flow = Waiting::into_inner(flow).then_as::<K, _, _>(|| StdBackward {
            x,
            y: y.clone(),
            lanes,
            correction,
        });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn it_is_the_root_of_the_variance() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        let std = x.clone().std_axes::<Axes2<0, 2>>();
        assert_eq!(
            std.to_vec(),
            x.var_axes::<Axes2<0, 2>>().to_vec().iter().map(|y| y.sqrt()).collect::<Vec<_>>()
        );
    }

    // Values of PyTorch 2.
    #[test]
    fn the_gradient_of_equal_elements_is_zero_and_of_one_element_nan() {
        let x = Param::new(Tensor::from([1.0_f32, 1.0, 1.0]));
        assert_eq!(x.track().std().backward(), 0.0);
        assert_eq!(x.grad().unwrap(), Tensor::zeros());
        let x = Param::new(Tensor::from([1.0_f32]));
        assert!(x.track().std().backward().is_nan());
        assert!(x.grad().unwrap().to_vec()[0].is_nan());
        let x = Param::new(Tensor::from([1.0_f32]));
        assert_eq!(x.track().std_with(0).backward(), 0.0);
        assert_eq!(x.grad().unwrap(), Tensor::zeros());
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(3));
        gradcheck(x.clone(), |x| x.std().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.std_axis_with::<1>(0).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.std_keepdim::<-1>().sum()).unwrap();
        gradcheck(x, |x| x.std_axes_keepdim::<Axes2<0, 2>>().sum()).unwrap();
    }
}
