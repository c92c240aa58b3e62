//! y = max x, over all elements or along one axis.
//!
//! Over all elements dL/dx = dL/dy, in equal parts at all elements that are the maximum. Along an axis it goes to
//! the one element whose index is returned, the first of equals. So does PyTorch; see [`amax`](Tensor::amax_axis)
//! for equal parts along an axis.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::argmax::Extremum::{self, Largest};
use crate::kernel::reduce::argmax::{best, max_of_all_backward, place};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong, NotEmptyForEach};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Broken, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of the maximum or minimum of all elements.
pub struct MaxBackward<E> {
    pub(in crate::ops) x: Storage<E>,
    pub(in crate::ops) y: E,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for MaxBackward<E> {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(max_of_all_backward(self.x, self.y, grad.as_slice()[0]))
    }
}

/// The backward pass of the maxima or minima along an axis.
pub struct MaxAxisBackward {
    indices: Storage<i64>,
    along: AxisLayout,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for MaxAxisBackward {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(place(grad.as_slice(), self.indices.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    forms! { extremum_of_all(self), MaxBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The largest",
            "The largest elements",
            "PyTorch's `max"(),
            "NaN if there is one. Elements that are equally large share the gradient."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            whole max(= Largest) // along an axis `x.max_axis::<0>()`, with a number `x.clamp_min(0.0)`, of two tensors `x.maximum(y)`
                if (NotEmpty::<S>::HOLDS):
                "x.max().item(), 5.0";
        }
    }

    forms! { extremum_along(self), MaxAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The largest",
            "The largest elements",
            "The values of PyTorch's `max"(),
            "The gradient goes to the first of the elements that are equally large."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            axis max_axis[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.max_axis::<-1>(), Tensor::from([5.0, 3.0])";
            keepdim max_keepdim[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.max_keepdim::<0>(), Tensor::from([[3.0, 5.0]])";
        }
    }

    forms! { extremum_and_indices(self), MaxAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The largest",
            "The largest elements",
            "PyTorch's `max"(),
            "The gradient goes to the first of the elements that are equally large."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            axis_with_indices max_axis_with_indices[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.max_axis_with_indices::<-1>(), (Tensor::from([5.0, 3.0]), Tensor::from([1, 0]))";
            keepdim_with_indices max_keepdim_with_indices[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.max_keepdim_with_indices::<0>(), (Tensor::from([[3.0, 5.0]]), Tensor::from([[1, 0]]))";
        }
    }

    pub(in crate::ops) fn extremum_of_all<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        which: Extremum,
    ) -> Unary<S, E, C, F, T, MaxBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let (y, _) = best(x.as_slice(), lanes.along, which);
        let flow = Waiting::into_inner(flow).then_as::<K, _, _>(|| MaxBackward { x, y: y.as_slice()[0] });
        Tensor::from_parts(y, flow)
    }

    pub(in crate::ops) fn extremum_along<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        which: Extremum,
    ) -> Unary<S, E, C, F, T, MaxAxisBackward, K> {
        self.extremum_and_indices(lanes, which).0
    }

    pub(in crate::ops) fn extremum_and_indices<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        which: Extremum,
    ) -> (Unary<S, E, C, F, T, MaxAxisBackward, K>, Tensor<T, i64>) {
        let (x, flow) = self.into_parts();
        let (y, indices) = best(x.as_slice(), lanes.along, which);
        let flow =
            flow.then_as::<K, _, _>(|| MaxAxisBackward { indices: indices.clone(), along: lanes.along });
        (Tensor::from_parts(y, flow), Tensor::constant(indices))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    const NAN: f32 = f32::NAN;

    #[test]
    fn equals_share_the_gradient_of_the_whole_and_the_first_has_that_of_an_axis() {
        let x = Param::new(Tensor::from([[1.0_f32, 3.0, 3.0, 2.0]]));
        x.track().max().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 0.5, 0.5, 0.0]]));
        let x = Param::new(x.value().clone());
        x.track().max_axis::<1>().sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 1.0, 0.0, 0.0]]));
    }

    // Values of PyTorch 2.
    #[test]
    fn nan_is_the_largest_of_all() {
        let x = Param::new(Tensor::from([[1.0, NAN, 3.0, NAN]]));
        let y = x.track().max();
        assert!(y.value().item().is_nan());
        y.backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 0.5, 0.0, 0.5]]));
        let x = Param::new(x.value().clone());
        let (y, at) = x.track().max_axis_with_indices::<-1>();
        assert_eq!((y.to_vec()[0].is_nan(), at.to_vec()[0]), (true, 1));
        y.sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 1.0, 0.0, 0.0]]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.max().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.max_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.max_axis::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.max_keepdim::<-1>().powi(2).sum()).unwrap();
    }

    #[test]
    fn max_of_integers() {
        assert_eq!(Tensor::from([[-3, -1], [-2, -5]]).max_axis::<1>(), Tensor::from([-1, -2]));
    }
}
