//! `all`: whether no element is zero. `true`, every number but 0, and NaN are not zero. There is no gradient, so
//! these take a reference: the tensor can still be used.

use crate::element::Element;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::nonzero::{all, all_of_lanes};
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// Whether every element is nonzero; true if there are none. PyTorch's `all()`.
    ///
    /// In: any shape. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.all().item(), false);
    /// ```
    pub fn all(&self) -> Tensor<(), bool> {
        Tensor::constant(Storage::filled(1, all(self.as_slice())))
    }

    /// Whether every element along the axis `I` is nonzero. PyTorch's `all(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.all_axis::<-1>(), Tensor::from([false, true]));
    /// ```
    #[rustfmt::skip]
    pub fn all_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, bool> // `x.all_axis::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(all_of_lanes(self.as_slice(), AxisLayout::of::<S, I>()))
    }

    /// Whether every element is nonzero along the axis `I`, which stays with size 1. PyTorch's `all(dim=I,
    /// keepdim=True)`.
    ///
    /// In: `S`. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.all_keepdim::<-1>(), Tensor::from([[false], [true]]));
    /// ```
    pub fn all_keepdim<const I: isize>(&self) -> Tensor<S::KeptAxis, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(all_of_lanes(self.as_slice(), AxisLayout::of::<S, I>()))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn all_of_nan_is_true_and_of_no_elements_too() {
        assert!(Tensor::from([f32::NAN]).all().item());
        let x = Tensor::<Rank2<2, 0>>::ones();
        assert_eq!(x.all_axis::<1>(), Tensor::from([true, true]));
        assert!(x.all().item());
    }
}
