//! The step of NAdam.

use super::{Means, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of NAdam.
#[derive(Clone, Copy)]
pub struct NAdamStep<E> {
    /// 1 - β₂ᵗ
    pub(crate) correction2: E,
    /// lr (1 - μₜ) / (1 - Π μ)
    pub(crate) of_gradient: E,
    /// lr μₜ₊₁ / (1 - μₜ₊₁ Π μ)
    pub(crate) of_mean: E,
    pub(crate) eps: E,
    pub(crate) means: Means<E>,
}

impl<E: Coefficients> Step<E, 3> for NAdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, rows: [V; 3]) -> [V; 3] {
        let (grad, [value, m, v]) = self.means.moved(grad, rows);
        let scale = (v / V::splat(self.correction2)).sqrt() + V::splat(self.eps);
        let value = value - V::splat(self.of_gradient) * grad / scale;
        [value - V::splat(self.of_mean) * m / scale, m, v]
    }
}
