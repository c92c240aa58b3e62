//! The steps of the relatives of Adam: NAdam, RAdam, Adamax and Adadelta. As those of `optim`, in PyTorch's order.

use super::optim::{Followed, Means, Step, lerp};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Mask, Vector};

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
        let m = lerp(m, grad, self.weight1);
        let (old, new) = (largest * V::splat(self.beta2), grad.abs() + V::splat(self.eps));
        // A NaN stays, as that of `torch.maximum`.
        let largest = V::select(old.gt(new).or(old.ne(old)), old, new);
        [value - V::splat(self.size) * m / largest, m, largest]
    }
}

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
