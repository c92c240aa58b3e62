//! The step of Adam, AdamW and AMSGrad.

use super::{Means, Step};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Mask, Vector};

/// The options of a step of Adam.
#[derive(Clone, Copy)]
pub struct AdamStep<E> {
    /// lr / (1 - β₁ᵗ)
    pub(crate) size: E,
    /// √(1 - β₂ᵗ)
    pub(crate) root: E,
    pub(crate) eps: E,
    pub(crate) means: Means<E>,
}

/// The value after the step along m / √v.
#[inline(always)]
fn moved<E: Coefficients, V: Vector<E>>(step: AdamStep<E>, value: V, m: V, v: V) -> V {
    value - V::splat(step.size) * m / (v.sqrt() / V::splat(step.root) + V::splat(step.eps))
}

impl<E: Coefficients> Step<E, 3> for AdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, rows: [V; 3]) -> [V; 3] {
        let (_, [value, m, v]) = self.means.moved(grad, rows);
        [moved(self, value, m, v), m, v]
    }
}

/// AMSGrad, with the largest v so far.
impl<E: Coefficients> Step<E, 4> for AdamStep<E> {
    #[inline(always)]
    fn of<V: Vector<E>>(self, grad: V, [value, m, v, largest]: [V; 4]) -> [V; 4] {
        let (_, [value, m, v]) = self.means.moved(grad, [value, m, v]);
        let largest = V::select(v.gt(largest).or(v.ne(v)), v, largest);
        [moved(self, value, m, largest), m, v, largest]
    }
}
