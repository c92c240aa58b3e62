//! The step of RMSprop.

use super::{Followed, Step, lerp_by};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of RMSprop.
#[derive(Clone, Copy)]
pub struct RmsPropStep<E> {
    pub(crate) lr: E,
    pub(crate) alpha: E,
    /// 1 - α
    pub(crate) weight: E,
    pub(crate) eps: E,
    pub(crate) momentum: E,
    pub(crate) followed: Followed<E>,
}

/// The value, the mean of g², and the other rows: the mean of g where it is centered, the momentum where there is one.
#[derive(Clone, Copy)]
pub(super) struct RmsProp<E, const CENTERED: bool, const MOMENTUM: bool>(pub(super) RmsPropStep<E>);

impl<E: Coefficients, const CENTERED: bool, const MOMENTUM: bool, const N: usize> Step<E, N>
    for RmsProp<E, CENTERED, MOMENTUM>
{
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, mut rows: [V; N]) -> [V; N] {
        let step = self.0;
        let (lr, weight) = (V::splat(step.lr), V::splat(step.weight));
        let grad = step.followed.of(grad, rows[0]);
        rows[1] = rows[1] * V::splat(step.alpha) + weight * grad * grad;
        let mut variance = rows[1];
        if CENTERED {
            rows[2] = lerp_by(rows[2], grad, step.weight);
            variance = variance - rows[2] * rows[2];
        }
        let scale = variance.sqrt() + V::splat(step.eps);
        if MOMENTUM {
            rows[N - 1] = rows[N - 1] * V::splat(step.momentum) + grad / scale;
            rows[0] = rows[0] - lr * rows[N - 1];
        } else {
            rows[0] = rows[0] - lr * grad / scale;
        }
        rows
    }
}
