//! y = the median of x, the lower one of two; over all elements dL/dx = dL/dy in equal parts where x is the median, along an
//! axis it goes to the element whose position is returned.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Kind, Waiting};
use crate::kernel::index::sort::nth;
use crate::kernel::reduce::median::place;
use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::ops::index::gather::GatherBackward;
use crate::ops::reduce::max::MaxBackward;
use crate::ops::support::not_empty::{NotEmpty, NotEmptyAlong};
use crate::ops::support::reduction::forms;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Law, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    forms! { median_of_all(self), MaxBackward<E>, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The median",
            "The medians",
            "PyTorch's `median"(),
            "Of an even number of elements it is the lower one of the two in the middle; NaN if there is one. Elements that are equal to the median share the gradient."
        ];
        of "[[1.0, 9.0], [3.0, 2.0]]" {
            whole median() // along an axis: `x.median_axis::<0>()`
                if (NotEmpty::<S>::HOLDS):
                "x.median().item(), 2.0";
        }
    }

    forms! { median_along(self), GatherBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The median",
            "The medians",
            "The values of PyTorch's `median"(),
            "The gradient goes to the first of the elements that are equal to the median."
        ];
        of "[[1.0, 9.0, 4.0], [3.0, 2.0, 8.0]]" {
            axis median_axis[const I: isize]() if (NotEmptyAlong::<S, I>::HOLDS):
                "x.median_axis::<-1>(), Tensor::from([4.0, 3.0])";
            keepdim median_keepdim[const I: isize]() if (NotEmptyAlong::<S, I>::HOLDS):
                "x.median_keepdim::<0>(), Tensor::from([[1.0, 2.0, 4.0]])";
        }
    }

    forms! { median_and_indices(self), GatherBackward, // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
        [
            "The median",
            "The medians",
            "PyTorch's `median"(),
            "It is the first of equal elements; PyTorch leaves that open."
        ];
        of "[[1.0, 9.0, 4.0], [3.0, 2.0, 8.0]]" {
            axis_with_indices median_axis_with_indices[const I: isize]() if (NotEmptyAlong::<S, I>::HOLDS):
                "x.median_axis_with_indices::<-1>(), (Tensor::from([4.0, 3.0]), Tensor::from([2, 0]))";
        }
    }

    fn median_of_all<T: Shape, K: Kind>(self, lanes: ReduceOver) -> Unary<S, E, C, F, T, MaxBackward<E>, K> {
        let (x, flow) = self.into_waiting();
        let y = x[nth(x.as_slice(), lanes.along, place)[0] as usize];
        Tensor::from_parts(
            Storage::filled(1, y),
            Waiting::into_inner(flow).then_as::<K, _, _>(|| MaxBackward { x, y }),
        )
    }

    fn median_along<T: Shape, K: Kind>(self, lanes: ReduceOver) -> Unary<S, E, C, F, T, GatherBackward, K> {
        self.median_and_indices(lanes).0
    }

    fn median_and_indices<T: Shape, K: Kind>(
        self,
        lanes: ReduceOver,
    ) -> (Unary<S, E, C, F, T, GatherBackward, K>, Tensor<T, i64>) {
        let positions = nth(self.data.as_slice(), lanes.along, place);
        (self.gather_along(lanes.along, positions.clone()), Tensor::constant(positions))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.median().powi(2)).unwrap();
        gradcheck(x.clone(), |x| x.median_axis::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.median_axis::<1>().powi(2).sum()).unwrap();
        gradcheck(x, |x| x.median_keepdim::<-1>().powi(3).sum()).unwrap();
    }

    #[test]
    fn equals_share_the_gradient() {
        let x = Param::new(Tensor::from([2.0, 1.0, 2.0, 5.0]));
        x.track().median().backward();
        assert_eq!(x.grad().unwrap(), Tensor::from([0.5, 0.0, 0.5, 0.0]));
        assert_eq!(Tensor::from([3, 1, 2]).median().item(), 2);
    }
}
