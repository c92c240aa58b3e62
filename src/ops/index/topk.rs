//! y = the K largest (or smallest) elements of x along an axis, in order, and dL/dx = dL/dy where they came from.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::index::sort::{Order, first};
use crate::ops::index::gather::GatherBackward;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::{ShapeOf, WithPositions};
use crate::shape::{Axis, Const, Dim, HasAxis, Law, Message, Shape};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// `K` elements are taken from an axis; compared with its size when the program is built.
pub struct AtMost<S, D, const I: isize, const K: usize>(PhantomData<fn() -> (S, D)>);

impl<S: Shape, D: Dim, const I: isize, const K: usize> Law for AtMost<S, D, I, K> {
    const WRONG: Option<Message> = if K <= D::SIZE {
        None
    } else {
        let message = Message::new()
            .text("topk takes at most as many elements as there are: axis ")
            .signed(I)
            .text(" of a tensor of shape ")
            .sizes(S::SIZES)
            .text(" has ")
            .number(D::SIZE)
            .text(", but K is ")
            .number(K);
        Some(message)
    };
}

/// The `K` largest or smallest elements of a tensor `X` along the axis `I`, and their positions: what [`topk`](Tensor::topk)
/// returns.
pub type TopK<X, const I: isize, const K: usize> = WithPositions<
    X,
    <ShapeOf<X> as Axis<I>>::With<Const<K>>,
    Lawful<GatherBackward, AtMost<ShapeOf<X>, <ShapeOf<X> as HasAxis<I>>::AxisDim, I, K>>,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The `K` largest elements along the axis `I`, the largest first, and their positions. PyTorch's
    /// `topk(K, dim=I)`.
    ///
    /// In: `S`. Out: two tensors of the shape `S` with `K` at the axis `I`; the positions are a constant. That `K`
    /// is not too large is checked when the program is built. NaN is larger than every number. Of equal elements the
    /// earlier comes first; PyTorch leaves that open.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (best, classes) = Tensor::from([[0.1, 0.7, 0.2]]).topk::<-1, 2>();
    /// assert_eq!(best, Tensor::from([[0.7, 0.2]]));
    /// assert_eq!(classes, Tensor::from([[1, 2]]));
    /// ```
    #[rustfmt::skip]
    pub fn topk<const I: isize, const K: usize>(self) -> TopK<Self, I, K> // `x.topk::<-1, 5>()`
    where
        S: Axis<I>,
    {
        let () = AtMost::<S, S::Dim, I, K>::HOLDS;
        self.first_along(AxisLayout::of::<S, I>(), K, Order::Descending)
    }

    /// The `K` smallest elements along the axis `I`, the smallest first, and their positions. PyTorch's
    /// `topk(K, dim=I, largest=False)`.
    ///
    /// In and out as [`topk`](Self::topk).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let (nearest, positions) = Tensor::from([0.5, 0.1, 0.3]).topk_smallest::<0, 2>();
    /// assert_eq!(nearest, Tensor::from([0.1, 0.3]));
    /// assert_eq!(positions, Tensor::from([1, 2]));
    /// ```
    #[rustfmt::skip]
    pub fn topk_smallest<const I: isize, const K: usize>(self) -> TopK<Self, I, K> // `x.topk_smallest::<-1, 5>()`
    where
        S: Axis<I>,
    {
        let () = AtMost::<S, S::Dim, I, K>::HOLDS;
        self.first_along(AxisLayout::of::<S, I>(), K, Order::Ascending)
    }

    fn first_along<T: Shape, L: Law>(
        self,
        along: AxisLayout,
        count: usize,
        order: Order,
    ) -> WithPositions<Self, T, Lawful<GatherBackward, L>> {
        let positions = first(self.data.as_slice(), along, count, order);
        (self.gather_along_by(along, positions.clone(), Lawful::new), Tensor::constant(positions))
    }
}
