//! y = min x, over all elements or along one axis. Its gradients are those of [`max`](Tensor::max).

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::argmax::smaller;
use crate::ops::reduce::max::{MaxAxisBackward, MaxBackward};
use crate::ops::support::not_empty;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The smallest element; NaN if there is one. PyTorch's `min()`.
    ///
    /// In: any shape with at least one element, which is checked when the program is built. Out: a scalar.
    /// Elements that are equally small share the gradient.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([[1.0, 5.0], [3.0, 2.0]]).min().item(), 1.0);
    /// ```
    pub fn min(self) -> Unary<S, E, C, F, (), MaxBackward<E>> {
        const { assert!(S::NUMEL > 0, "{}", not_empty::Whole::<S>::TEXT) };
        self.best_of_all(smaller)
    }

    /// The smallest elements along the axis `I`. The values of PyTorch's `min(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` without the axis `I`. The gradient goes to the first of the
    /// elements that are equally small.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 5.0], [3.0, 2.0]]);
    /// assert_eq!(x.min_axis::<-1>(), Tensor::from([1.0, 2.0]));
    /// ```
    pub fn min_axis<const I: isize>(self) -> Unary<S, E, C, F, S::Removed, MaxAxisBackward>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.best_along::<S::Removed>(AxisLayout::of::<S, I>(), smaller).0
    }

    /// The smallest elements along the axis `I`, which stays with size 1. The values of PyTorch's
    /// `min(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 5.0], [3.0, 2.0]]);
    /// assert_eq!(x.min_keepdim::<0>(), Tensor::from([[1.0, 2.0]]));
    /// ```
    pub fn min_keepdim<const I: isize>(self) -> Unary<S, E, C, F, S::Kept, MaxAxisBackward>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.best_along::<S::Kept>(AxisLayout::of::<S, I>(), smaller).0
    }

    /// The smallest elements along the axis `I`, and their indices on it. PyTorch's `min(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: twice `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 5.0], [3.0, 2.0]]);
    /// let (values, indices) = x.min_axis_with_indices::<-1>();
    /// assert_eq!(values, Tensor::from([1.0, 2.0]));
    /// assert_eq!(indices, Tensor::from([0, 1]));
    /// ```
    pub fn min_axis_with_indices<const I: isize>(
        self,
    ) -> (Unary<S, E, C, F, S::Removed, MaxAxisBackward>, Tensor<S::Removed, i64>)
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.best_along::<S::Removed>(AxisLayout::of::<S, I>(), smaller)
    }

    /// The smallest elements along the axis `I`, which stays with size 1, and their indices on it. PyTorch's
    /// `min(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: twice `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 5.0], [3.0, 2.0]]);
    /// let (values, indices) = x.min_keepdim_with_indices::<0>();
    /// assert_eq!(values, Tensor::from([[1.0, 2.0]]));
    /// assert_eq!(indices, Tensor::from([[0, 1]]));
    /// ```
    pub fn min_keepdim_with_indices<const I: isize>(
        self,
    ) -> (Unary<S, E, C, F, S::Kept, MaxAxisBackward>, Tensor<S::Kept, i64>)
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.best_along::<S::Kept>(AxisLayout::of::<S, I>(), smaller)
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
