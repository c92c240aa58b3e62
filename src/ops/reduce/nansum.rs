//! y = Σ x over the n elements that are not NaN, or that divided by n; dL/dx = dL/dy, or dL/dy / n, and 0 at NaN.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis;
use crate::kernel::elementwise::float::Class;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::reduce::nansum::{count_without_nan, sum_without_nan, without_gradient_of_nan};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `nansum` and `nanmean`.
pub struct NansumBackward<E> {
    /// Where x is NaN.
    nan: Storage<bool>,
    /// The divisors of the sums, for a mean.
    counts: Option<Storage<E>>,
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for NansumBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let grad = match self.counts {
            Some(counts) => FloatZip::Div.zip(grad.data, counts),
            None => grad.data,
        };
        let all = self.lanes.scatter(axis::repeat(grad.as_slice(), self.lanes.along));
        Tensor::constant(without_gradient_of_nan(all, self.nan.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    forms! { nansum_lanes(self), NansumBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["Without NaN, the sum", "Without NaN, the sums", "PyTorch's `nansum"(), "It is 0 if there are none."];
        of "[[1.0, f64::NAN], [3.0, 4.0]]" {
            whole nansum(): "x.nansum().item(), 8.0";
            axis nansum_axis[const I: isize](): "x.nansum_axis::<-1>(), Tensor::from([1.0, 7.0])";
            keepdim nansum_keepdim[const I: isize](): "x.nansum_keepdim::<0>(), Tensor::from([[4.0, 4.0]])";
        }
        of "[[[1.0], [f64::NAN]], [[3.0], [4.0]]]" {
            axes nansum_axes(): "x.nansum_axes::<Axes2<0, 2>>(), Tensor::from([4.0, 4.0])";
        }
    }

    forms! { nanmean_lanes(self), NansumBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["Without NaN, the mean", "Without NaN, the means", "PyTorch's `nanmean"(), "It is NaN if there are none."];
        of "[[1.0, f64::NAN], [3.0, 4.0]]" {
            whole nanmean(): "x.nanmean().item(), 8.0 / 3.0";
            axis nanmean_axis[const I: isize](): "x.nanmean_axis::<-1>(), Tensor::from([1.0, 3.5])";
            keepdim nanmean_keepdim[const I: isize](): "x.nanmean_keepdim::<0>(), Tensor::from([[2.0, 4.0]])";
        }
        of "[[[1.0], [f64::NAN]], [[3.0], [4.0]]]" {
            axes nanmean_axes(): "x.nanmean_axes::<Axes2<0, 2>>(), Tensor::from([2.0, 4.0])";
        }
    }

    fn nansum_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
    ) -> Unary<S, E, C, F, T, NansumBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let nan = if flow.needs_grad() { E::of_class(Class::Nan, x.as_slice()) } else { Storage::empty() };
        let sums = sum_without_nan(lanes.gather(x), lanes.along);
        let flow = Waiting::new(Waiting::into_inner(flow).then_as::<K, _, _>(|| NansumBackward {
            nan,
            counts: None,
            lanes,
        }));
        Tensor::from_waiting(sums, flow)
    }

    fn nanmean_lanes<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
    ) -> Unary<S, E, C, F, T, NansumBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let nan = E::of_class(Class::Nan, x.as_slice());
        let counts = count_without_nan(lanes.gather(nan.clone()).as_slice(), lanes.along);
        let sums = sum_without_nan(lanes.gather(x), lanes.along);
        let flow = Waiting::new(Waiting::into_inner(flow).then_as::<K, _, _>(|| NansumBackward {
            nan,
            counts: Some(counts.clone()),
            lanes,
        }));
        Tensor::from_waiting(FloatZip::Div.zip(sums, counts), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        let x = x.masked_fill(Tensor::from([[true, false, false, false], [false; 4], [false; 4]]), f64::NAN);
        // Differences of NaN are NaN: what is not NaN is checked, and the others have the gradient 0.
        let part = x.clone().narrow::<1, 1, 2>();
        gradcheck(part.clone(), |x| x.nansum_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(part, |x| x.nanmean_axes::<Axes2<0, 2>>().powi(2).sum()).unwrap();
        let w = Param::new(x);
        (w.track().nansum() + w.track().nanmean_axis::<1>().sum()).backward();
        let dx = w.grad().unwrap().to_array::<[[[f64; 4]; 3]; 2]>();
        assert_eq!((dx[0][0][0], dx[0][1][0], dx[1][0][1]), (0.0, 1.5, 1.0 + 1.0 / 3.0));
    }

    #[test]
    fn nansum_of_nan_is_zero_and_nanmean_is_nan() {
        let x = Tensor::from([f32::NAN, f32::NAN]);
        assert_eq!(x.clone().nansum().item(), 0.0);
        assert!(x.nanmean().item().is_nan());
    }
}
