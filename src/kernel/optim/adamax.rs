//! The step of Adamax.

use super::{Followed, Step, lerp_by};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Mask, Vector};

/// The options of a step of Adamax.
#[derive(Clone, Copy)]
pub struct AdamaxStep<E> {
    /// lr / (1 - β₁ᵗ)
    pub(crate) size: E,
    /// 1 - β₁
    pub(crate) weight1: E,
    pub(crate) beta2: E,
    pub(crate) eps: E,
    pub(crate) followed: Followed<E>,
}

impl<E: Coefficients> Step<E, 3> for AdamaxStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, m, largest]: [V; 3]) -> [V; 3] {
        let grad = self.followed.of(grad, value);
        let m = lerp_by(m, grad, self.weight1);
        let (old, new) = (largest * V::splat(self.beta2), grad.abs() + V::splat(self.eps));
        // A NaN stays, as that of `torch.maximum`.
        let largest = V::select(old.gt(new).or(old.ne(old)), old, new);
        [value - V::splat(self.size) * m / largest, m, largest]
    }
}
