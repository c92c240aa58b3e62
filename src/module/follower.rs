//! Fusion of layers in inference: a layer applies those that follow it while it writes its output.

use super::Forward;
use crate::element::Element;
use crate::graph::{Flow, InputOf, Mode, Switch};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::{Inside, Tensor};

/// How a layer can be joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follower {
    /// max(x, 0).
    Relu,
    /// min(max(x, 0), 6).
    Relu6,
    /// The largest of each 2 x 2 elements side by side of the last two axes.
    Halve,
    /// (x - mean) gain + bias for each channel, with numbers that are [`Forward::channel_numbers`]; not in training.
    Normalize,
}

/// The layers that follow one in a tuple.
#[derive(Clone, Copy)]
pub struct Following<'a, E> {
    pub(crate) kinds: &'a [Option<Follower>],
    /// The position of the first of them.
    first: usize,
    numbers: NumbersAt<'a, E>,
}

/// [`Forward::channel_numbers`] of the layer at a position.
pub(crate) type NumbersAt<'a, E> = &'a dyn Fn(usize) -> Option<[Storage<E>; 3]>;

impl<E> Following<'_, E> {
    /// The layers after the first of a tuple.
    #[cfg(test)]
    pub(crate) fn of<'a>(kinds: &'a [Option<Follower>], numbers: NumbersAt<'a, E>) -> Following<'a, E> {
        Following { kinds, first: 1, numbers }
    }

    /// The mean, the gain and the bias of each channel, if the first of these layers normalizes channels.
    pub(crate) fn numbers(&self) -> Option<[Storage<E>; 3]> {
        if self.kinds.first() == Some(&Some(Follower::Normalize)) { (self.numbers)(self.first) } else { None }
    }
}

/// Layers in sequence: the one that follows each of them, and those that were already applied.
pub(crate) struct LayerSequence<'a> {
    followers: &'a [Option<Follower>],
    /// The layers whose work was done by one before them.
    done: usize,
}

impl<'a> LayerSequence<'a> {
    /// One for each layer.
    pub(crate) fn new(followers: &'a [Option<Follower>]) -> Self {
        LayerSequence { followers, done: 0 }
    }

    /// The result of layer `i`, and of layers after it that can be done with it, where nothing is recorded.
    #[inline]
    pub(crate) fn start<M, S, E, I, L, F>(
        &mut self,
        i: usize,
        layer: &L,
        x: &Inside<S, I, M, F>,
        numbers: NumbersAt<'_, E>,
    ) -> Option<Storage<E>>
    where
        M: Mode,
        S: Shape,
        E: Element,
        I: InputOf<E>,
        L: Forward<S, E, I>,
    {
        let next = &self.followers[i + 1..];
        if M::Params::ON || M::Input::ON || next.first().is_none_or(Option::is_none) {
            return None;
        }
        if M::TRAINING && next[0] == Some(Follower::Normalize) {
            return None;
        }
        let next = Following { kinds: next, first: i + 1, numbers };
        let (y, done) = layer.infer_with(x.data.as_slice(), next)?;
        self.done = done;
        Some(y)
    }

    /// Whether the next layer has nothing to do.
    #[inline]
    pub(crate) fn is_done(&mut self) -> bool {
        let done = self.done > 0;
        self.done = self.done.saturating_sub(1);
        done
    }
}

/// A result of a mode in which nothing is recorded, whose graph is empty.
#[inline]
pub(crate) fn unrecorded<M: Mode, S: Shape, E: Element, F: Flow<S, E>>(y: Storage<E>) -> Inside<S, E, M, F> {
    Tensor::from_parts(y, F::empty().expect("nothing is recorded in this mode"))
}
