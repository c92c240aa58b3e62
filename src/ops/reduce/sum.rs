//! y = Σ x, over all elements or along axes, and dL/dx = dL/dy, repeated along what was summed.

use crate::element::{Element, Numeric};
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis;
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a sum over all elements.
pub struct SumBackward;

impl<S: Shape, E: Element> Pullback<S, (), E> for SumBackward {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<S, E> {
        Tensor::full(grad.item())
    }
}

/// The backward pass of a sum along axes.
pub struct SumAxisBackward {
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for SumAxisBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(self.lanes.scatter(axis::repeat(grad.as_slice(), self.lanes.along)))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The sum of all elements. PyTorch's `sum()`.
    ///
    /// In: any shape. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 2.0], [3.0, 4.0]]).sum().item(), 10.0);
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn sum(self) -> Unary<S, E, C, F, (), SumBackward> { // along an axis: `x.sum_axis::<0>()`
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then(|| SumBackward));
        Tensor::from_parts(Storage::filled(1, axis::total(x.as_slice())), Waiting::into_inner(flow))
    }

    forms! { sum_along(self), SumAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        ["The sum", "The sums", "PyTorch's `sum"(), "The sum of no elements is 0."];
        of "[[1.0, 2.0], [3.0, 4.0]]" {
            axis sum_axis[const I: isize](): // `x.sum_axis::<0>()`, over several axes `x.sum_axes::<Axes2<0, 1>>()`
                "x.sum_axis::<-1>(), Tensor::from([3.0, 7.0])";
            keepdim sum_keepdim[const I: isize](): "x.sum_keepdim::<0>(), Tensor::from([[4.0, 6.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes sum_axes(): "x.sum_axes::<Axes2<0, 2>>(), Tensor::from([7.0, 2.0])";
            axes_keepdim sum_axes_keepdim(): "x.sum_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[7.0], [2.0]]])";
        }
    }

    fn sum_along<T: Shape, K: Kind>(self, lanes: ReduceOver) -> Unary<S, E, C, F, T, SumAxisBackward, K> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<K, _, _>(|| SumAxisBackward { lanes }));
        Tensor::from_waiting(lanes.sum(x), flow)
    }
}

impl<S: Shape, C, F> Tensor<S, bool, Graph<C, F>> {
    /// How many elements of a mask are true. PyTorch's `sum()` of a mask, and [`count_nonzero`](Self::count_nonzero).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, -2.0, 3.0]).gt(0.0).sum().item(), 2);
    /// ```
    pub fn sum(&self) -> Tensor<(), i64> {
        self.count_nonzero()
    }

    /// How many elements of a mask are true along the axis `I`. PyTorch's `sum(dim=I)` of a mask.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, -2.0], [3.0, 4.0]]).gt(0.0).sum_axis::<1>(), Tensor::from([1, 2]));
    /// ```
    pub fn sum_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, i64>
    where
        S: Axis<I>,
    {
        self.count_nonzero_axis::<I>()
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.sum_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.sum_axis::<-2>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.sum_keepdim::<-1>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.sum_axes::<Axes2<0, 2>>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.sum_axes_keepdim::<Axes2<1, 2>>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.sum_axes::<Axes3<0, 1, 2>>().powi(2)).unwrap();
    }

    #[test]
    fn several_axes_agree_with_one_axis_at_a_time() {
        let x = Tensor::<Rank4<2, 3, 4, 5>, f64>::from_fn(|i| i as f64);
        assert_eq!(x.clone().sum_axes::<Axes2<1, 3>>(), x.clone().sum_axis::<3>().sum_axis::<1>());
        assert_eq!(x.clone().sum_axes::<Axes2<0, -2>>(), x.clone().sum_axis::<2>().sum_axis::<0>());
        assert_eq!(x.clone().sum_axes::<Axes3<0, 2, 3>>(), x.sum_axis::<3>().sum_axis::<2>().sum_axis::<0>());
    }

    #[test]
    fn sum_of_integers() {
        assert_eq!(Tensor::from([[1, 2], [3, -4]]).sum_axis::<0>(), Tensor::from([4, -2]));
    }

    #[test]
    fn the_sum_of_no_elements_is_zero() {
        assert_eq!(Tensor::<Rank2<2, 0>>::ones().sum().item(), 0.0);
        assert_eq!(Tensor::<Rank2<2, 0>>::ones().sum_axis::<1>(), Tensor::from([0.0, 0.0]));
        assert_eq!(Tensor::<Rank3<0, 2, 1>>::ones().sum_axes::<Axes2<0, 2>>(), Tensor::from([0.0, 0.0]));
    }
}
