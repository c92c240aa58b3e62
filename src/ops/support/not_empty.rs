//! The guard of reductions that have no result over no elements, which is evaluated when the program is built:
//! `let () = NotEmptyAlong::<S, I>::HOLDS;`.

use crate::kernel::reduce::reduce_over::ReduceOver;
use crate::shape::{Axes, Axis, Dim, Law, Message, Shape};

/// A reduction of all elements needs one.
pub(in crate::ops) struct NotEmpty<S>(S);

impl<S: Shape> Law for NotEmpty<S> {
    const WRONG: Option<Message> = if S::NUMEL > 0 {
        None
    } else {
        Some(
            Message::new().text("a result needs at least one element: the tensor has shape ").sizes(S::SIZES),
        )
    };
}

/// A reduction of a tensor of shape `S` to one of shape `T`, as the type of a graph has it, needs elements for each result.
pub(in crate::ops) struct NotEmptyForEach<S, T>(S, T);

impl<S: Shape, T: Shape> Law for NotEmptyForEach<S, T> {
    const WRONG: Option<Message> =
        if S::NUMEL > 0 || T::NUMEL == 0 || S::LOST || T::LOST { None } else { NotEmpty::<S>::WRONG };
}

/// A reduction along the axis `I` needs an element there.
pub(in crate::ops) struct NotEmptyAlong<S, const I: isize>(S);

impl<S: Axis<I>, const I: isize> Law for NotEmptyAlong<S, I> {
    const WRONG: Option<Message> = if <S::Dim as Dim>::SIZE > 0 {
        None
    } else {
        let message = Message::new()
            .text("a result needs at least one element: axis ")
            .signed(I)
            .text(" of the shape ")
            .sizes(S::SIZES)
            .text(" is empty");
        Some(message)
    };
}

/// A reduction over the axes `A` needs an element there.
pub(in crate::ops) struct NotEmptyAlongAxes<S, A>(S, A);

impl<S: Axes<A>, A> Law for NotEmptyAlongAxes<S, A> {
    const WRONG: Option<Message> = if ReduceOver::axes::<S, A>().along.size > 0 {
        None
    } else {
        let message = Message::new()
            .text("a result needs at least one element: one of the axes ")
            .sizes(S::POSITIONS)
            .text(" of the shape ")
            .sizes(S::SIZES)
            .text(" is empty");
        Some(message)
    };
}
