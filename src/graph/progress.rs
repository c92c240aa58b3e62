//! A backward pass that stops at a boundary with boxes inside, so that these run in a loop and not in calls, and continues
//! after them.

use super::later::Later;
use crate::tensor::Tensor;

/// How far a backward pass has come.
pub enum Progress<'r, T> {
    /// To its end, with this result.
    Done(T),
    /// As far as a boundary: these boxes run first, then the rest.
    Waits(Later<'r>, Box<dyn Rest<'r, T> + 'r>),
}

/// The same of operations, with the gradient of their input, of shape `S`.
pub type Pulling<'r, S, E> = Progress<'r, Option<Tensor<S, E>>>;

/// The rest of a backward pass, with the result `T`.
pub trait Rest<'r, T> {
    /// Continues it. The boxes that it comes to are left in the list.
    fn resume(self: Box<Self>, later: &mut Later<'r>) -> Progress<'r, T>;
}

/// A rest, and what follows it.
struct Then<'r, T, N> {
    rest: Box<dyn Rest<'r, T> + 'r>,
    next: N,
}

impl<'r, T: 'r> Progress<'r, T> {
    /// Continues with `next`: now, or as soon as the boxes have run.
    pub(super) fn then<U, N>(self, later: &mut Later<'r>, next: N) -> Progress<'r, U>
    where
        N: FnOnce(T, &mut Later<'r>) -> Progress<'r, U> + 'r,
        U: 'r,
    {
        match self {
            Progress::Done(result) => next(result, later),
            Progress::Waits(first, rest) => Progress::Waits(first, Box::new(Then { rest, next })),
        }
    }
}

impl<'r> Progress<'r, ()> {
    /// Continues until these boxes have run, which the pass has come to so far.
    pub(super) fn and_all(self, boxes: Later<'r>) -> Self {
        let first = match self {
            Progress::Done(()) if boxes.is_empty() => return self,
            Progress::Done(()) => boxes,
            Progress::Waits(mut first, rest) => {
                first.push_rest(rest, boxes);
                first
            }
        };
        Progress::Waits(first, Box::new(Nothing))
    }
}

/// The rest of a pass that is at its end.
struct Nothing;

impl<'r> Rest<'r, ()> for Nothing {
    fn resume(self: Box<Self>, _: &mut Later<'r>) -> Progress<'r, ()> {
        Progress::Done(())
    }
}

impl<'r, T, U, N> Rest<'r, U> for Then<'r, T, N>
where
    T: 'r,
    U: 'r,
    N: FnOnce(T, &mut Later<'r>) -> Progress<'r, U> + 'r,
{
    fn resume(self: Box<Self>, later: &mut Later<'r>) -> Progress<'r, U> {
        let Then { rest, next } = *self;
        rest.resume(later).then(later, next)
    }
}
