//! The step of RAdam.

use super::{Means, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::Vector;

/// The options of a step of RAdam.
#[derive(Clone, Copy)]
pub struct RAdamStep<E> {
    pub(crate) lr: E,
    /// 1 - β₁ᵗ
    pub(crate) correction1: E,
    /// √(1 - β₂ᵗ) and the rectification; `None` while the variance is not known well enough.
    pub(crate) adaptive: Option<(E, E)>,
    pub(crate) eps: E,
    pub(crate) means: Means<E>,
}

impl<E: Coefficients> Step<E, 3> for RAdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, rows: [V; 3]) -> [V; 3] {
        let (_, [value, m, v]) = self.means.moved(grad, rows);
        let mut step = m / V::splat(self.correction1) * V::splat(self.lr);
        if let Some((root, rectified)) = self.adaptive {
            step = step * (V::splat(root) / (v.sqrt() + V::splat(self.eps))) * V::splat(rectified);
        }
        [value - step, m, v]
    }
}
