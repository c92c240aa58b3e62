//! `any`: whether some element is not zero. `true`, every number but 0, and NaN are not zero. There is no gradient, so these
//! take a reference: the tensor can still be used.

use crate::element::Element;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::nonzero::{any, any_of_lanes};
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// Whether any element is nonzero; false if there are none. PyTorch's `any()`.
    ///
    /// In: any shape. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 0.0], [0.0, -0.0]]);
    /// assert_eq!(x.any().item(), true);
    /// ```
    pub fn any(&self) -> Tensor<(), bool> {
        Tensor::constant(Storage::filled(1, any(self.as_slice())))
    }

    /// Whether any element is nonzero along the axis `I`. PyTorch's `any(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 0.0], [0.0, -0.0]]);
    /// assert_eq!(x.any_axis::<-1>(), Tensor::from([true, false]));
    /// ```
    #[rustfmt::skip]
    pub fn any_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, bool> // `x.any_axis::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(any_of_lanes(self.as_slice(), AxisLayout::of::<S, I>()))
    }

    /// Whether any element is nonzero along the axis `I`, which stays with size 1. PyTorch's `any(dim=I,
    /// keepdim=True)`.
    ///
    /// In: `S`. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 0.0], [0.0, -0.0]]);
    /// assert_eq!(x.any_keepdim::<-1>(), Tensor::from([[true], [false]]));
    /// ```
    pub fn any_keepdim<const I: isize>(&self) -> Tensor<S::KeptAxis, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(any_of_lanes(self.as_slice(), AxisLayout::of::<S, I>()))
    }
}
