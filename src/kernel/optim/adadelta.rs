//! The step of Adadelta.

use super::{Followed, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of Adadelta.
#[derive(Clone, Copy)]
pub struct AdadeltaStep<E> {
    pub(crate) lr: E,
    pub(crate) rho: E,
    /// 1 - ρ
    pub(crate) weight: E,
    pub(crate) eps: E,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 3> for AdadeltaStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, square, deltas]: [V; 3]) -> [V; 3] {
        let (rho, weight, eps) = (V::splat(self.rho), V::splat(self.weight), V::splat(self.eps));
        let grad = self.followed.of(grad, value);
        let square = square * rho + weight * grad * grad;
        let delta = (deltas + eps).sqrt() / (square + eps).sqrt() * grad;
        [value - V::splat(self.lr) * delta, square, deltas * rho + weight * delta * delta]
    }
}
