//! y = min x, over all elements or along one axis. Its gradients are those of [`max`](Tensor::max).

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::reduce::argmax::Extremum::Smallest;
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::reduce::max::{MaxAxisBackward, MaxBackward};
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Law, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    forms! { extremum_of_all(self), MaxBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The smallest",
            "The smallest elements",
            "PyTorch's `min"(),
            "NaN if there is one. Elements that are equally small share the gradient."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            whole min(= Smallest) // along an axis `x.min_axis::<0>()`, with a number `x.clamp_max(1.0)`, of two tensors `x.minimum(y)`
                if (NotEmpty::<S>::HOLDS):
                "x.min().item(), 1.0";
        }
    }

    forms! { extremum_along(self), MaxAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The smallest",
            "The smallest elements",
            "The values of PyTorch's `min"(),
            "The gradient goes to the first of the elements that are equally small."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            axis min_axis[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.min_axis::<-1>(), Tensor::from([1.0, 2.0])";
            keepdim min_keepdim[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.min_keepdim::<0>(), Tensor::from([[1.0, 2.0]])";
        }
    }

    forms! { extremum_and_indices(self), MaxAxisBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The smallest",
            "The smallest elements",
            "PyTorch's `min"(),
            "The gradient goes to the first of the elements that are equally small."
        ];
        of "[[1.0, 5.0], [3.0, 2.0]]" {
            axis_with_indices min_axis_with_indices[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.min_axis_with_indices::<-1>(), (Tensor::from([1.0, 2.0]), Tensor::from([0, 1]))";
            keepdim_with_indices min_keepdim_with_indices[const I: isize](= Smallest) if (NotEmptyAlong::<S, I>::HOLDS):
                "x.min_keepdim_with_indices::<0>(), (Tensor::from([[1.0, 2.0]]), Tensor::from([[0, 1]]))";
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn nan_is_the_smallest_of_all_and_equals_share() {
        let (y, at) = Tensor::from([[1.0, f64::NAN, 0.0, f64::NAN]]).min_axis_with_indices::<1>();
        assert!(y.to_vec()[0].is_nan());
        assert_eq!(at, Tensor::from([1]));
        let x = Param::new(Tensor::from([1.0_f32, 0.0, 0.0]));
        assert_eq!(x.track().min().backward(), 0.0);
        assert_eq!(x.grad().unwrap(), Tensor::from([0.0, 0.5, 0.5]));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.min().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.min_axis::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.min_keepdim::<-1>().powi(2).sum()).unwrap();
    }
}
