//! Whether all or any elements are not zero, and how many. `true`, every number but 0, and NaN are not zero. These
//! have no gradient, so they take a reference: the tensor can still be used.

use crate::element::Element;
use crate::graph::Graph;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// Whether `x` counts as true.
fn is_nonzero<E: Element>(x: &E) -> bool {
    *x != E::default()
}

fn all<E: Element>(lane: &[E]) -> bool {
    lane.iter().all(is_nonzero)
}

fn any<E: Element>(lane: &[E]) -> bool {
    lane.iter().any(is_nonzero)
}

fn count<E: Element>(lane: &[E]) -> i64 {
    lane.iter().filter(|x| is_nonzero(*x)).count() as i64
}

impl<S: Shape, E: Element, C, F> Tensor<S, E, Graph<C, F>> {
    /// Whether all elements are not zero; true if there are none. PyTorch's `all()`.
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

    /// Whether all elements are not zero along the axis `I`. PyTorch's `all(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.all_axis::<-1>(), Tensor::from([false, true]));
    /// ```
    pub fn all_axis<const I: isize>(&self) -> Tensor<S::Removed, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(lanes::reduce(self.as_slice(), AxisLayout::of::<S, I>(), all))
    }

    /// Whether all elements are not zero along the axis `I`, which stays with size 1. PyTorch's `all(dim=I,
    /// keepdim=True)`.
    ///
    /// In: `S`. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.all_keepdim::<-1>(), Tensor::from([[false], [true]]));
    /// ```
    pub fn all_keepdim<const I: isize>(&self) -> Tensor<S::Kept, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(lanes::reduce(self.as_slice(), AxisLayout::of::<S, I>(), all))
    }

    /// Whether any element is not zero; false if there are none. PyTorch's `any()`.
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

    /// Whether any element is not zero along the axis `I`. PyTorch's `any(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 0.0], [0.0, -0.0]]);
    /// assert_eq!(x.any_axis::<-1>(), Tensor::from([true, false]));
    /// ```
    pub fn any_axis<const I: isize>(&self) -> Tensor<S::Removed, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(lanes::reduce(self.as_slice(), AxisLayout::of::<S, I>(), any))
    }

    /// Whether any element is not zero along the axis `I`, which stays with size 1. PyTorch's `any(dim=I,
    /// keepdim=True)`.
    ///
    /// In: `S`. Out: `S` with size 1 at the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 0.0], [0.0, -0.0]]);
    /// assert_eq!(x.any_keepdim::<-1>(), Tensor::from([[true], [false]]));
    /// ```
    pub fn any_keepdim<const I: isize>(&self) -> Tensor<S::Kept, bool>
    where
        S: Axis<I>,
    {
        Tensor::constant(lanes::reduce(self.as_slice(), AxisLayout::of::<S, I>(), any))
    }

    /// How many elements are not zero. PyTorch's `count_nonzero()`; of a mask, its `sum()`.
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

    /// How many elements are not zero along the axis `I`. PyTorch's `count_nonzero(dim=I)`.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[true, false], [true, true]]);
    /// assert_eq!(x.count_nonzero_axis::<0>(), Tensor::from([2, 1]));
    /// ```
    pub fn count_nonzero_axis<const I: isize>(&self) -> Tensor<S::Removed, i64>
    where
        S: Axis<I>,
    {
        Tensor::constant(lanes::reduce(self.as_slice(), AxisLayout::of::<S, I>(), count))
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn nan_is_not_zero_and_minus_zero_is() {
        assert_eq!(Tensor::from([f32::NAN, 0.0, -0.0]).count_nonzero().item(), 1);
        assert!(Tensor::from([f32::NAN]).any().item() && Tensor::from([f32::NAN]).all().item());
        assert_eq!(Tensor::from([[0, 2], [0, 3]]).any_axis::<0>(), Tensor::from([false, true]));
    }

    #[test]
    fn of_nothing_all_are_and_none_is() {
        let x = Tensor::<Rank2<2, 0>>::ones();
        assert_eq!(x.all_axis::<1>(), Tensor::from([true, true]));
        assert_eq!(x.any_axis::<1>(), Tensor::from([false, false]));
        assert_eq!(x.count_nonzero_axis::<1>(), Tensor::from([0, 0]));
        assert!(x.all().item() && !x.any().item());
    }
}
