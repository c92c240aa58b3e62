//! yᵢ = max xⱼ or min xⱼ over j ≤ i along an axis, and dL/dx = dL/dy where the element came from.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::reduce::cumulative::{best_so_far, best_so_far_backward};
use crate::ops::support::results::WithPositions;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `cummax` and `cummin`.
pub struct CummaxBackward {
    positions: Storage<i64>,
    along: AxisLayout,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for CummaxBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(best_so_far_backward(grad.data, self.along, self.positions.as_slice()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The largest elements so far along the axis `I`, and their positions. PyTorch's `cummax(dim=I)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Of equal elements it is the last one; NaN is
    /// larger than every number.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (values, positions) = Tensor::from([2.0, 1.0, 4.0, 3.0]).cummax::<0>();
    /// assert_eq!(values, Tensor::from([2.0, 2.0, 4.0, 4.0]));
    /// assert_eq!(positions, Tensor::from([0, 0, 2, 2]));
    /// ```
    #[rustfmt::skip]
    pub fn cummax<const I: isize>(self) -> WithPositions<Self, S, CummaxBackward> // `x.cummax::<-1>()`
    where
        S: Axis<I>,
    {
        self.best_so_far(AxisLayout::of::<S, I>(), true)
    }

    /// The smallest elements so far along the axis `I`, and their positions. PyTorch's `cummin(dim=I)`.
    ///
    /// In: `S`. Out: two tensors of shape `S`; the positions are a constant. Of equal elements it is the last one; NaN is
    /// smaller than every number.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (values, positions) = Tensor::from([2.0, 3.0, 1.0, 3.0]).cummin::<0>();
    /// assert_eq!(values, Tensor::from([2.0, 2.0, 1.0, 1.0]));
    /// assert_eq!(positions, Tensor::from([0, 0, 2, 2]));
    /// ```
    #[rustfmt::skip]
    pub fn cummin<const I: isize>(self) -> WithPositions<Self, S, CummaxBackward> // `x.cummin::<-1>()`
    where
        S: Axis<I>,
    {
        self.best_so_far(AxisLayout::of::<S, I>(), false)
    }

    fn best_so_far(self, along: AxisLayout, largest: bool) -> WithPositions<Self, S, CummaxBackward> {
        let (x, flow) = self.into_waiting();
        let (values, positions) = best_so_far(x.as_slice(), along, largest);
        let flow = Waiting::new(
            Waiting::into_inner(flow).then(|| CummaxBackward { positions: positions.clone(), along }),
        );
        (Tensor::from_waiting(values, flow), Tensor::constant(positions))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.cummax::<0>().0.powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.cummin::<1>().0.powi(2).sum()).unwrap();
        gradcheck(x, |x| x.cummax::<-1>().0.powi(3).sum()).unwrap();
    }

    #[test]
    fn cummax_of_masks_and_of_no_elements() {
        let (values, positions) = Tensor::from([false, true, false]).cummax::<0>();
        assert_eq!((values.to_vec(), positions.to_vec()), (vec![false, true, true], vec![0, 1, 1]));
        assert!(Tensor::<Rank2<2, 0>>::ones().cummin::<0>().0.to_vec().is_empty());
    }
}
