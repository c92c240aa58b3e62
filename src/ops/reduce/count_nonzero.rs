//! The number of elements that are not zero. `true`, every number but 0, and NaN are not zero. There is no gradient, so these
//! take a reference: the tensor can still be used.

use crate::element::Element;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::nonzero::{count, counts};
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// The number of elements that are not zero. PyTorch's `count_nonzero()`; of a mask, its `sum()`.
    ///
    /// In: any shape. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.count_nonzero().item(), 3);
    /// ```
    pub fn count_nonzero(&self) -> Tensor<(), i64> {
        Tensor::constant(Storage::filled(1, count(self.as_slice())))
    }

    /// The number of elements along the axis `I` that are not zero. PyTorch's `count_nonzero(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.count_nonzero_axis::<0>(), Tensor::from([2, 1]));
    /// ```
    #[rustfmt::skip]
    pub fn count_nonzero_axis<const I: isize>(&self) -> Tensor<S::RemovedAxis, i64> // `x.count_nonzero_axis::<-1>()`
    where
        S: Axis<I>,
    {
        Tensor::constant(counts(self.as_slice(), AxisLayout::of::<S, I>()))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn nan_is_not_zero_and_minus_zero_is() {
        assert_eq!(Tensor::from([f32::NAN, 0.0, -0.0]).count_nonzero().item(), 1);
        assert_eq!(Tensor::<Rank2<2, 0>>::ones().count_nonzero_axis::<1>(), Tensor::from([0, 0]));
    }
}
