//! y = Σ x / n, over all n elements or those along axes, and dL/dx = dL/dy / n, repeated along them.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::pointwise::Value;
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a mean over all elements.
pub struct MeanBackward;

impl<S: Shape, E: Float> Pullback<S, (), E> for MeanBackward {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<S, E> {
        Tensor::full(grad.item() / count(S::NUMEL))
    }
}

/// The backward pass of a mean along axes.
pub struct MeanAxisBackward {
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for MeanAxisBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let n = count::<E>(self.lanes.along.size);
        let grad = FloatZip::Div.zip_value(grad.data, Value::Scalar(n));
        Tensor::constant(self.lanes.scatter(axis::repeat(grad.as_slice(), self.lanes.along)))
    }
}

/// A number of elements as one of them.
pub(in crate::ops) fn count<E: Float>(n: usize) -> E {
    E::from_f64(n as f64)
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of all elements. PyTorch's `mean()`; NaN if there are none.
    ///
    /// In: any shape. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 2.0], [3.0, 6.0]]).mean().item(), 3.0);
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn mean(self) -> Unary<S, E, C, F, (), MeanBackward> { // along an axis: `x.mean_axis::<0>()`
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| MeanBackward));
        Tensor::from_parts(Storage::filled(1, axis::total(x.as_slice()) / count(S::NUMEL)), Waiting::into_inner(flow))
    }

    forms! { mean_along(self), MeanAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["The mean", "The means", "PyTorch's `mean"(), "The mean of no elements is NaN."];
        of "[[1.0, 2.0], [3.0, 6.0]]" {
            axis mean_axis[const I: isize](): // `x.mean_axis::<0>()`, over several axes `x.mean_axes::<Axes2<0, 1>>()`
                "x.mean_axis::<0>(), Tensor::from([2.0, 4.0])";
            keepdim mean_keepdim[const I: isize](): "x.mean_keepdim::<-1>(), Tensor::from([[1.5], [4.5]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes mean_axes(): "x.mean_axes::<Axes2<0, 2>>(), Tensor::from([1.75, 0.5])";
            axes_keepdim mean_axes_keepdim(): "x.mean_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[1.75], [0.5]]])";
        }
    }

    fn mean_along<T: Shape, K: Kind>(self, lanes: ReduceOver) -> Unary<S, E, C, F, T, MeanAxisBackward, K> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<K, _, _>(|| MeanAxisBackward { lanes }));
        let n = count::<E>(lanes.along.size);
        Tensor::from_waiting(FloatZip::Div.zip_value(lanes.sum(x), Value::Scalar(n)), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.powi(2).mean()).unwrap();
        gradcheck(x.clone(), |x| x.mean_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.mean_axis::<-2>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.mean_axes::<Axes2<0, 2>>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.mean_keepdim::<-1>().powi(2).mean()).unwrap();
    }

    #[test]
    fn the_mean_of_no_elements_is_nan() {
        assert!(Tensor::<Rank2<2, 0>>::ones().mean().item().is_nan());
        assert!(Tensor::<Rank2<2, 0>>::ones().mean_axis::<1>().to_vec().iter().all(|x| x.is_nan()));
        assert!(Tensor::<Rank2<2, 0>>::ones().mean_axis::<0>().to_vec().is_empty());
    }
}
