//! The steps of SGD, with and without momentum.

use super::{Followed, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of gradient descent.
#[derive(Clone, Copy)]
pub struct SgdStep<E> {
    pub(crate) lr: E,
    pub(crate) momentum: E,
    /// The share of the gradient that goes into the momentum: 1 - dampening.
    pub(crate) fresh: E,
    pub(crate) nesterov: bool,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 1> for SgdStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value]: [V; 1]) -> [V; 1] {
        [value - V::splat(self.lr) * self.followed.of(grad, value)]
    }
}

/// A step with momentum, which is initialized to the first gradient.
#[derive(Clone, Copy)]
pub(super) struct Momentum<E> {
    pub(super) step: SgdStep<E>,
    pub(super) first: bool,
}

impl<E: Coefficients> Step<E, 2> for Momentum<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, buffer]: [V; 2]) -> [V; 2] {
        let Momentum { step, first } = self;
        let (momentum, fresh) = (V::splat(step.momentum), V::splat(step.fresh));
        let grad = step.followed.of(grad, value);
        let buffer = if first { grad } else { buffer * momentum + fresh * grad };
        let change = if step.nesterov { grad + momentum * buffer } else { buffer };
        [value - V::splat(step.lr) * change, buffer]
    }
}
