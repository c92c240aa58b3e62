//! y = the K-th smallest element of x along an axis, and dL/dx = dL/dy where it came from.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::sort::nth;
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::{ShapeOf, WithPositions};
use crate::shape::{Axis, Dim, HasAxis, Law, Message, Shape};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// There is a `K`-th element along the axis `I`.
pub struct Kth<S, D, const I: isize, const K: usize>(PhantomData<fn() -> (S, D)>);

impl<S: Shape, D: Dim, const I: isize, const K: usize> Law for Kth<S, D, I, K> {
    const WRONG: Option<Message> = if K >= 1 && K <= D::SIZE {
        None
    } else {
        let message = Message::new()
            .text("kthvalue counts from 1 to the number of elements: axis ")
            .signed(I)
            .text(" of a tensor of shape ")
            .sizes(S::SIZES)
            .text(" has ")
            .number(D::SIZE)
            .text(", and K is ")
            .number(K);
        Some(message)
    };
}

/// The `K`-th smallest elements of a tensor `X` along the axis `I`, and their positions: what [`kthvalue`](Tensor::kthvalue)
/// returns.
pub type Kthvalue<X, const I: isize, const K: usize> = WithPositions<
    X,
    <ShapeOf<X> as Axis<I>>::Removed,
    Lawful<GatherBackward, Kth<ShapeOf<X>, <ShapeOf<X> as HasAxis<I>>::AxisDim, I, K>>,
>;

/// [`Kthvalue`] with an axis of size 1: what [`kthvalue_keepdim`](Tensor::kthvalue_keepdim) returns.
pub type KthvalueKeepdim<X, const I: isize, const K: usize> = WithPositions<
    X,
    <ShapeOf<X> as Axis<I>>::Kept,
    Lawful<GatherBackward, Kth<ShapeOf<X>, <ShapeOf<X> as HasAxis<I>>::AxisDim, I, K>>,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The `K`-th smallest elements along the axis `I`, and their positions. PyTorch's `kthvalue(K, dim=I)`.
    ///
    /// In: `S`. Out: two tensors of the shape `S` without the axis `I`; the positions are a constant. `K` counts from 1, and
    /// that it is not too large is checked when the program is built. NaN is larger than every number.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (values, positions) = Tensor::from([[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]]).kthvalue::<-1, 2>();
    /// assert_eq!((values, positions), (Tensor::from([2.0, 5.0]), Tensor::from([2, 1])));
    /// ```
    #[rustfmt::skip]
    pub fn kthvalue<const I: isize, const K: usize>(self) -> Kthvalue<Self, I, K> // `x.kthvalue::<-1, 3>()`
    where
        S: Axis<I>,
    {
        let () = Kth::<S, S::Dim, I, K>::HOLDS;
        self.nth_along(AxisLayout::of::<S, I>(), K)
    }

    /// As [`kthvalue`](Self::kthvalue), where the axis `I` stays with size 1. PyTorch's `kthvalue(K, dim=I, keepdim=True)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (values, _) = Tensor::from([[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]]).kthvalue_keepdim::<0, 1>();
    /// assert_eq!(values, Tensor::from([[3.0, 1.0, 2.0]]));
    /// ```
    pub fn kthvalue_keepdim<const I: isize, const K: usize>(self) -> KthvalueKeepdim<Self, I, K>
    where
        S: Axis<I>,
    {
        let () = Kth::<S, S::Dim, I, K>::HOLDS;
        self.nth_along(AxisLayout::of::<S, I>(), K)
    }

    fn nth_along<T: Shape, L: Law>(
        self,
        along: AxisLayout,
        k: usize,
    ) -> WithPositions<Self, T, Lawful<GatherBackward, L>> {
        let positions = nth(self.data.as_slice(), along, |_| k - 1);
        (self.gather_along_by(along, positions.clone(), Lawful::new), Tensor::constant(positions))
    }
}
