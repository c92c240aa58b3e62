//! y = Σ x, over all elements or along one axis, and dL/dx = dL/dy, repeated along what was summed.

use crate::element::{Element, Float};
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::axis::{self, Along};
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of a sum over all elements.
pub struct SumBackward;

impl<S: Shape, E: Element> Pullback<S, (), E> for SumBackward {
    fn pull(self, grad: Tensor<(), E>) -> Tensor<S, E> {
        Tensor::full(grad.item())
    }
}

/// The backward pass of a sum along an axis.
pub struct SumAxisBackward {
    along: Along,
}

impl<S: Shape, T: Shape, E: Element> Pullback<S, T, E> for SumAxisBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(axis::repeat(grad.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
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
    pub fn sum(self) -> Tensor<(), E, Graph<C, F::Then<(), SumBackward>>> {
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| SumBackward);
        Tensor::from_parts(Storage::filled(1, axis::total(x.as_slice())), flow)
    }

    /// The sums along the axis `I`. PyTorch's `sum(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.sum_axis::<-1>(), Tensor::from([3.0, 7.0]));
    /// ```
    pub fn sum_axis<const I: isize>(
        self,
    ) -> Tensor<S::Removed, E, Graph<C, F::Then<S::Removed, SumAxisBackward>>>
    where
        S: Axis<I>,
    {
        self.sum_along::<S::Removed>(Along::of::<S, I>())
    }

    /// The sums along the axis `I`, which stays with size 1. PyTorch's `sum(dim=I, keepdim=True)`.
    ///
    /// In: `S`. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.sum_keepdim::<0>(), Tensor::from([[4.0, 6.0]]));
    /// ```
    pub fn sum_keepdim<const I: isize>(
        self,
    ) -> Tensor<S::Kept, E, Graph<C, F::Then<S::Kept, SumAxisBackward>>>
    where
        S: Axis<I>,
    {
        self.sum_along::<S::Kept>(Along::of::<S, I>())
    }

    fn sum_along<T: Shape>(self, along: Along) -> Tensor<T, E, Graph<C, F::Then<T, SumAxisBackward>>> {
        let (x, flow) = self.into_parts();
        let flow = flow.then(|| SumAxisBackward { along });
        Tensor::from_parts(axis::sum(x.as_slice(), along), flow)
    }
}
