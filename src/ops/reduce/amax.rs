//! y = max x or min x over all elements or along axes, where equals share the gradient in equal parts. See
//! [`max_axis`](Tensor::max_axis) for the gradient to the first of them.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::axis::reduce_over::ReduceOver;
use crate::kernel::reduce::argmax::{best, larger, smaller};
use crate::kernel::reduce::reduce;
use crate::ops::support::not_empty;
use crate::ops::support::results::Unary;
use crate::shape::{Axes, Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `amax` and `amin`.
pub struct AmaxBackward<E> {
    x: Storage<E>,
    y: Storage<E>,
    lanes: ReduceOver,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for AmaxBackward<E> {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let dx = reduce::extreme_backward(self.x, self.y.as_slice(), grad.as_slice(), self.lanes.along);
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
    /// The largest of all elements. PyTorch's `amax()`.
    ///
    /// In: any shape with at least one element. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amax().item(), 4.0);
    /// ```
    pub fn amax(self) -> Unary<S, E, C, F, (), AmaxBackward<E>> {
        const { assert!(S::NUMEL > 0, "{}", not_empty::Whole::<S>::TEXT) };
        self.amax_lanes::<()>(ReduceOver::all::<S>(), larger)
    }

    /// The largest elements along the axis `I`. PyTorch's `amax(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amax_axis::<-1>(), Tensor::from([4.0, 2.0]));
    /// ```
    pub fn amax_axis<const I: isize>(self) -> Unary<S, E, C, F, S::Removed, AmaxBackward<E>>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.amax_lanes::<S::Removed>(ReduceOver::axis::<S, I>(), larger)
    }

    /// The largest elements along the axis `I`, which stays with size 1. PyTorch's `amax(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amax_keepdim::<-1>(), Tensor::from([[4.0], [2.0]]));
    /// ```
    pub fn amax_keepdim<const I: isize>(self) -> Unary<S, E, C, F, S::Kept, AmaxBackward<E>>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.amax_lanes::<S::Kept>(ReduceOver::axis::<S, I>(), larger)
    }

    /// The largest elements over several axes. PyTorch's `amax(dim=(..))`.
    ///
    /// In: `S`, where no axis of these is empty. Out: `S` without the axes `A`, such as [`Axes2`](crate::shape::Axes2).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]);
    /// assert_eq!(x.amax_axes::<Axes2<0, 2>>(), Tensor::from([4.0, 1.0]));
    /// ```
    pub fn amax_axes<A>(self) -> Unary<S, E, C, F, S::Removed, AmaxBackward<E>>
    where
        S: Axes<A>,
    {
        const { assert!(not_empty::AlongAxes::<S, A>::HAS_ELEMENTS, "{}", not_empty::AlongAxes::<S, A>::TEXT) };
        self.amax_lanes::<S::Removed>(ReduceOver::axes::<S, A>(), larger)
    }

    /// The largest elements over several axes, which stay with size 1. PyTorch's `amax(dim=(..), keepdim=True)`.
    ///
    /// In: `S`, where no axis of these is empty. Out: `S` with size 1 at the axes `A`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]);
    /// assert_eq!(x.amax_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[4.0], [1.0]]]));
    /// ```
    pub fn amax_axes_keepdim<A>(self) -> Unary<S, E, C, F, S::Kept, AmaxBackward<E>>
    where
        S: Axes<A>,
    {
        const { assert!(not_empty::AlongAxes::<S, A>::HAS_ELEMENTS, "{}", not_empty::AlongAxes::<S, A>::TEXT) };
        self.amax_lanes::<S::Kept>(ReduceOver::axes::<S, A>(), larger)
    }

    /// The smallest of all elements. PyTorch's `amin()`.
    ///
    /// In: any shape with at least one element. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amin().item(), 0.0);
    /// ```
    pub fn amin(self) -> Unary<S, E, C, F, (), AmaxBackward<E>> {
        const { assert!(S::NUMEL > 0, "{}", not_empty::Whole::<S>::TEXT) };
        self.amax_lanes::<()>(ReduceOver::all::<S>(), smaller)
    }

    /// The smallest elements along the axis `I`. PyTorch's `amin(dim=I)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amin_axis::<-1>(), Tensor::from([3.0, 0.0]));
    /// ```
    pub fn amin_axis<const I: isize>(self) -> Unary<S, E, C, F, S::Removed, AmaxBackward<E>>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.amax_lanes::<S::Removed>(ReduceOver::axis::<S, I>(), smaller)
    }

    /// The smallest elements along the axis `I`, which stays with size 1. PyTorch's `amin(dim=I, keepdim=True)`.
    ///
    /// In: `S`, where the axis is not empty. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[3.0, 4.0], [0.0, 2.0]]);
    /// assert_eq!(x.amin_keepdim::<-1>(), Tensor::from([[3.0], [0.0]]));
    /// ```
    pub fn amin_keepdim<const I: isize>(self) -> Unary<S, E, C, F, S::Kept, AmaxBackward<E>>
    where
        S: Axis<I>,
    {
        const { assert!(not_empty::Along::<S, I>::HAS_ELEMENTS, "{}", not_empty::Along::<S, I>::TEXT) };
        self.amax_lanes::<S::Kept>(ReduceOver::axis::<S, I>(), smaller)
    }

    /// The smallest elements over several axes. PyTorch's `amin(dim=(..))`.
    ///
    /// In: `S`, where no axis of these is empty. Out: `S` without the axes `A`, such as [`Axes2`](crate::shape::Axes2).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]);
    /// assert_eq!(x.amin_axes::<Axes2<0, 2>>(), Tensor::from([0.0, 0.0]));
    /// ```
    pub fn amin_axes<A>(self) -> Unary<S, E, C, F, S::Removed, AmaxBackward<E>>
    where
        S: Axes<A>,
    {
        const { assert!(not_empty::AlongAxes::<S, A>::HAS_ELEMENTS, "{}", not_empty::AlongAxes::<S, A>::TEXT) };
        self.amax_lanes::<S::Removed>(ReduceOver::axes::<S, A>(), smaller)
    }

    /// The smallest elements over several axes, which stay with size 1. PyTorch's `amin(dim=(..), keepdim=True)`.
    ///
    /// In: `S`, where no axis of these is empty. Out: `S` with size 1 at the axes `A`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[3.0, 0.0], [0.0, 1.0]], [[4.0, 0.0], [1.0, 0.0]]]);
    /// assert_eq!(x.amin_axes_keepdim::<Axes2<0, 2>>(), Tensor::from([[[0.0], [0.0]]]));
    /// ```
    pub fn amin_axes_keepdim<A>(self) -> Unary<S, E, C, F, S::Kept, AmaxBackward<E>>
    where
        S: Axes<A>,
    {
        const { assert!(not_empty::AlongAxes::<S, A>::HAS_ELEMENTS, "{}", not_empty::AlongAxes::<S, A>::TEXT) };
        self.amax_lanes::<S::Kept>(ReduceOver::axes::<S, A>(), smaller)
    }

    fn amax_lanes<T: Shape>(
        self,
        lanes: ReduceOver,
        beats: impl Fn(E, E) -> bool,
    ) -> Unary<S, E, C, F, T, AmaxBackward<E>> {
        let (x, flow) = self.into_parts();
        let x = lanes.gather(x);
        let (y, _) = best(x.as_slice(), lanes.along, beats);
        let flow = flow.then(|| AmaxBackward { x, y: y.clone(), lanes });
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
