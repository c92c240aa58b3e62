//! The guard of reductions that have no result over no elements, which is evaluated when the program is built:
//! `let () = Along::<S, I>::HAS_ELEMENTS;`.

use crate::kernel::axis::reduce_over::ReduceOver;
use crate::shape::{Axes, Axis, Dim, Message, Shape};

/// A reduction of all elements.
pub(in crate::ops) struct Whole<S>(S);

impl<S: Shape> Whole<S> {
    const MESSAGE: Message =
        Message::new().text("there is no result without elements: the tensor has shape ").sizes(S::SIZES);
    pub(in crate::ops) const HAS_ELEMENTS: () = assert!(S::NUMEL > 0, "{}", Self::MESSAGE.as_str());
}

/// A reduction along the axis `I`.
pub(in crate::ops) struct Along<S, const I: isize>(S);

impl<S: Axis<I>, const I: isize> Along<S, I> {
    const MESSAGE: Message = Message::new()
        .text("there is no result without elements: axis ")
        .signed(I)
        .text(" of the shape ")
        .sizes(S::SIZES)
        .text(" is empty");
    pub(in crate::ops) const HAS_ELEMENTS: () =
        assert!(<S::Dim as Dim>::SIZE > 0, "{}", Self::MESSAGE.as_str());
}

/// A reduction over the axes `A`.
pub(in crate::ops) struct AlongAxes<S, A>(S, A);

impl<S: Axes<A>, A> AlongAxes<S, A> {
    const MESSAGE: Message = Message::new()
        .text("there is no result without elements: one of the axes ")
        .sizes(S::POSITIONS)
        .text(" of the shape ")
        .sizes(S::SIZES)
        .text(" is empty");
    pub(in crate::ops) const HAS_ELEMENTS: () =
        assert!(ReduceOver::axes::<S, A>().along.size > 0, "{}", Self::MESSAGE.as_str());
}
