//! y = max x or min x over all elements or along axes, where equals share the gradient in equal parts. See
//! [`max_axis`](Tensor::max_axis) for the gradient to the first of them.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Kind, Pullback, Waiting};
use crate::kernel::reduce::argmax::Extremum::{self, Largest, Smallest};
use crate::kernel::reduce::argmax::{amax_backward, best};
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong, NotEmptyAlongAxes, NotEmptyForEach};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Broken, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `amax` and `amin`.
pub struct AmaxBackward<E> {
    x: Storage<E>,
    y: Storage<E>,
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for AmaxBackward<E> {
    const BROKEN: Broken = NotEmptyForEach::<S, T>::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = amax_backward(self.x, self.y.as_slice(), grad.as_slice(), self.lanes.along);
        Tensor::constant(self.lanes.scatter(dx))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    forms! { extremum(self), AmaxBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The largest",
            "The largest elements",
            "PyTorch's `amax"(),
            "Elements that are equally large share the gradient."
        ];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole amax(= Largest) // along an axis: `x.amax_axis::<0>()`
                if (NotEmpty::<S>::HOLDS):
                "x.amax().item(), 4.0";
            axis amax_axis[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.amax_axis::<-1>(), Tensor::from([4.0, 2.0])";
            keepdim amax_keepdim[const I: isize](= Largest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.amax_keepdim::<-1>(), Tensor::from([[4.0], [2.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes amax_axes(= Largest) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.amax_axes::<Axes2<0, 2>>(), Tensor::from([4.0, 1.0])";
            axes_keepdim amax_axes_keepdim(= Largest) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.amax_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[4.0], [1.0]]])";
        }
    }

    forms! { extremum(self), AmaxBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The smallest",
            "The smallest elements",
            "PyTorch's `amin"(),
            "Elements that are equally small share the gradient."
        ];
        of "[[3.0, 4.0], [0.0, 2.0]]" {
            whole amin(= Smallest) // along an axis: `x.amin_axis::<0>()`
                if (NotEmpty::<S>::HOLDS):
                "x.amin().item(), 0.0";
            axis amin_axis[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.amin_axis::<-1>(), Tensor::from([3.0, 0.0])";
            keepdim amin_keepdim[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.amin_keepdim::<-1>(), Tensor::from([[3.0], [0.0]])";
        }
        of "[[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]" {
            axes amin_axes(= Smallest) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.amin_axes::<Axes2<0, 2>>(), Tensor::from([0.0, 0.0])";
            axes_keepdim amin_axes_keepdim(= Smallest) if (NotEmptyAlongAxes::<S, A>::HOLDS):
                "x.amin_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[0.0], [0.0]]])";
        }
    }

    fn extremum<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
        which: Extremum,
    ) -> Unary<S, E, C, F, T, AmaxBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let x = lanes.gather(x);
        let (y, _) = best(x.as_slice(), lanes.along, which);
        let flow = Waiting::into_inner(flow).then_as::<K, _, _>(|| AmaxBackward { x, y: y.clone(), lanes });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn equals_share_the_gradient_and_nan_spoils_it() {
        let x = Param::new(Tensor::from([[1.0_f32, 3.0, 3.0, 2.0]]));
        x.track().amax_axis::<1>().sum().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 0.5, 0.5, 0.0]]));
        let x = Param::new(Tensor::from([1.0_f32, 0.0, 0.0]));
        x.track().amin().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([0.0, 0.5, 0.5]));
        let x = Param::new(Tensor::from([1.0, f32::NAN, 3.0]));
        assert!(x.track().amax().backward().is_nan());
        assert!(x.grad().unwrap().to_vec().iter().all(|d| d.is_nan()));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.amax().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.amin_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.amax_keepdim::<1>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.amin_axes::<Axes2<0, 2>>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.amax_axes_keepdim::<Axes2<1, 2>>().powi(2).sum()).unwrap();
    }
}
