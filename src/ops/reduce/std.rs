//! y = √(Σ (x - mean)² / (n - correction)), and dL/dx = (x - mean) / ((n - correction) y) dL/dy; 0 where y is 0, as
//! in PyTorch.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::axis::reduce_over::ReduceOver;
use crate::kernel::reduce::reduce;
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
        let dx = reduce::deviation_backward(
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
    forms! { std_lanes, StdBackward<E>;
        /// The standard deviation of all elements. PyTorch's `std()`. The divisor is n - 1; NaN for one element.
        ///
        /// In: any shape. Out: a scalar.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std().item(), (2.0_f64 / 3.0).sqrt());
        /// ```
        whole std(= 1);

        /// The standard deviations along the axis `I`. PyTorch's `std(dim=I)`.
        ///
        /// In: `S`. Out: `S` without the axis `I`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std_axis::<-1>(), Tensor::from([0.0, 2.0_f64.sqrt()]));
        /// ```
        axis std_axis(= 1);

        /// The standard deviations along the axis `I`, which stays with size 1. PyTorch's `std(dim=I, keepdim=True)`.
        ///
        /// In: `S`. Out: `S` with size 1 at the axis `I`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std_keepdim::<-1>(), Tensor::from([[0.0], [2.0_f64.sqrt()]]));
        /// ```
        keepdim std_keepdim(= 1);

        /// The standard deviations over several axes. PyTorch's `std(dim=(..))`.
        ///
        /// In: `S`. Out: `S` without the axes `A`, such as [`Axes2`](crate::shape::Axes2).
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]);
        /// assert_eq!(x.std_axes::<Axes2<0, 2>>(), Tensor::from([(4.0_f64 / 3.0).sqrt(), (1.0_f64 / 3.0).sqrt()]));
        /// ```
        axes std_axes(= 1);

        /// The standard deviations over several axes, which stay with size 1. PyTorch's `std(dim=(..), keepdim=True)`.
        ///
        /// In: `S`. Out: `S` with size 1 at the axes `A`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]);
        /// assert_eq!(x.std_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[(4.0_f64 / 3.0).sqrt()], [(1.0_f64 / 3.0).sqrt()]]]));
        /// ```
        axes_keepdim std_axes_keepdim(= 1);

        /// The standard deviation, with the divisor n - `correction`, of all elements. PyTorch's `std(correction=..)`.
        /// The correction is any number; the divisor is at least 0.
        ///
        /// In: any shape. Out: a scalar.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std_with(0).item(), 0.5_f64.sqrt());
        /// ```
        whole std_with(correction: impl Into<f64>);

        /// The standard deviations, with the divisor n - `correction`, along the axis `I`. PyTorch's `std(correction=..,
        /// dim=I)`.
        ///
        /// In: `S`. Out: `S` without the axis `I`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std_axis_with::<-1>(0), Tensor::from([0.0, 1.0]));
        /// ```
        axis std_axis_with(correction: impl Into<f64>);

        /// The standard deviations, with the divisor n - `correction`, along the axis `I`, which stays with size 1.
        /// PyTorch's `std(correction=.., dim=I, keepdim=True)`.
        ///
        /// In: `S`. Out: `S` with size 1 at the axis `I`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[1.0, 1.0], [0.0, 2.0]]);
        /// assert_eq!(x.std_keepdim_with::<-1>(0), Tensor::from([[0.0], [1.0]]));
        /// ```
        keepdim std_keepdim_with(correction: impl Into<f64>);

        /// The standard deviations, with the divisor n - `correction`, over several axes. PyTorch's `std(correction=..,
        /// dim=(..))`.
        ///
        /// In: `S`. Out: `S` without the axes `A`, such as [`Axes2`](crate::shape::Axes2).
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]);
        /// assert_eq!(x.std_axes_with::<Axes2<0, 2>>(0), Tensor::from([1.0, 0.5]));
        /// ```
        axes std_axes_with(correction: impl Into<f64>);

        /// The standard deviations, with the divisor n - `correction`, over several axes, which stay with size 1. PyTorch's
        /// `std(correction=.., dim=(..), keepdim=True)`.
        ///
        /// In: `S`. Out: `S` with size 1 at the axes `A`.
        ///
        /// ```
        /// use typegrad::prelude::*;
        /// let x = Tensor::from([[[3.0, 3.0], [0.0, 1.0]], [[5.0, 5.0], [0.0, 1.0]]]);
        /// assert_eq!(x.std_axes_keepdim_with::<Axes2<0, 2>>(0), Tensor::from([[[1.0], [0.5]]]));
        /// ```
        axes_keepdim std_axes_keepdim_with(correction: impl Into<f64>);
    }

    fn std_lanes<T: Shape>(
        self,
        lanes: ReduceOver,
        correction: impl Into<f64>,
    ) -> Unary<S, E, C, F, T, StdBackward<E>> {
        let correction = correction.into();
        let (x, flow) = self.into_parts();
        let x = lanes.gather(x);
        let y = reduce::deviation(x.as_slice(), lanes.along, correction);
        let flow = flow.then(|| StdBackward { x, y: y.clone(), lanes, correction });
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
    fn equal_elements_have_no_slope_and_one_element_none_at_all() {
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
