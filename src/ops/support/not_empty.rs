//! Reductions that have no result over no elements, told when the program is built.

use crate::kernel::axis::reduce_over::ReduceOver;
use crate::shape::{Axes, Axis, Dim, Message, Shape};

/// What a reduction of all elements says if there are none.
pub(in crate::ops) struct Whole<S>(S);

impl<S: Shape> Whole<S> {
    const MESSAGE: Message =
        Message::new().text("there is no result without elements: the tensor has shape ").sizes(S::SIZES);
    pub(in crate::ops) const TEXT: &'static str = Self::MESSAGE.as_str();
}

/// What a reduction along the axis `I` says if the axis is empty.
pub(in crate::ops) struct Along<S, const I: isize>(S);

impl<S: Axis<I>, const I: isize> Along<S, I> {
    /// Whether there is something to reduce.
    pub(in crate::ops) const HAS_ELEMENTS: bool = <S::Dim as Dim>::SIZE > 0;
    const MESSAGE: Message = Message::new()
        .text("there is no result without elements: axis ")
        .signed(I)
        .text(" of the shape ")
        .sizes(S::SIZES)
        .text(" is empty");
    pub(in crate::ops) const TEXT: &'static str = Self::MESSAGE.as_str();
}

/// What a reduction over the axes `A` says if one of them is empty.
pub(in crate::ops) struct AlongAxes<S, A>(S, A);

impl<S: Axes<A>, A> AlongAxes<S, A> {
    /// Whether there is something to reduce.
    pub(in crate::ops) const HAS_ELEMENTS: bool = ReduceOver::axes::<S, A>().along.size > 0;
    const MESSAGE: Message = Message::new()
        .text("there is no result without elements: one of the axes ")
        .sizes(S::POSITIONS)
        .text(" of the shape ")
        .sizes(S::SIZES)
        .text(" is empty");
    pub(in crate::ops) const TEXT: &'static str = Self::MESSAGE.as_str();
}
