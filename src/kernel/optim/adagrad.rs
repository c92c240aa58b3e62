//! The step of Adagrad.

use super::{Followed, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of Adagrad.
#[derive(Clone, Copy)]
pub struct AdagradStep<E> {
    pub(crate) lr: E,
    pub(crate) eps: E,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 2> for AdagradStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, sum]: [V; 2]) -> [V; 2] {
        let grad = self.followed.of(grad, value);
        let sum = sum + grad * grad;
        [value - V::splat(self.lr) * grad / (sum.sqrt() + V::splat(self.eps)), sum]
    }
}
