//! The steps of the optimizers: one pass over the value, the gradient and what is remembered.
//!
//! The options are of the type of the parameter, and the operations are in PyTorch's order, so that the results
//! differ from PyTorch's by no more than the rounding of single operations.

use crate::element::Float;

/// The options of a step of gradient descent.
#[derive(Clone, Copy)]
pub(crate) struct SgdStep<E> {
    pub(crate) lr: E,
    pub(crate) momentum: E,
    /// The share of the gradient that goes into the momentum: 1 - dampening.
    pub(crate) fresh: E,
    /// `None` instead of 0, because 0 times infinity is NaN.
    pub(crate) weight_decay: Option<E>,
    pub(crate) nesterov: bool,
    /// -1 to go uphill.
    pub(crate) sign: E,
}

/// A step without momentum.
#[inline(never)]
pub(crate) fn sgd<E: Float>(value: &mut [E], grad: &[E], step: SgdStep<E>) {
    for (value, &grad) in value.iter_mut().zip(grad) {
        *value -= step.lr * decayed(grad, *value, step.sign, step.weight_decay);
    }
}

/// A step with momentum, which begins as the first gradient.
#[inline(never)]
pub(crate) fn sgd_with_momentum<E: Float>(
    value: &mut [E],
    grad: &[E],
    momentum: &mut [E],
    first: bool,
    step: SgdStep<E>,
) {
    for ((value, &grad), buffer) in value.iter_mut().zip(grad).zip(momentum) {
        let grad = decayed(grad, *value, step.sign, step.weight_decay);
        *buffer = if first { grad } else { *buffer * step.momentum + step.fresh * grad };
        let change = if step.nesterov { grad + step.momentum * *buffer } else { *buffer };
        *value -= step.lr * change;
    }
}

/// The options of a step of Adam.
#[derive(Clone, Copy)]
pub(crate) struct AdamStep<E> {
    /// lr / (1 - β₁ᵗ)
    pub(crate) size: E,
    /// 1 - β₁
    pub(crate) weight1: E,
    pub(crate) beta2: E,
    /// 1 - β₂
    pub(crate) weight2: E,
    /// √(1 - β₂ᵗ)
    pub(crate) root: E,
    pub(crate) eps: E,
    /// `None` instead of 0, because 0 times infinity is NaN.
    pub(crate) weight_decay: Option<E>,
    /// -1 to go uphill.
    pub(crate) sign: E,
}

/// A step of Adam. `moments` holds m and v, and for AMSGrad the largest v behind them.
#[inline(never)]
pub(crate) fn adam<E: Float>(value: &mut [E], grad: &[E], moments: &mut [E], step: AdamStep<E>) {
    let (m, rest) = moments.split_at_mut(value.len());
    let (v, largest) = rest.split_at_mut(value.len());
    let rows = value.iter_mut().zip(grad).zip(m.iter_mut().zip(v));
    if largest.is_empty() {
        for ((value, &grad), (m, v)) in rows {
            means(grad, *value, m, v, step);
            *value -= step.size * *m / (v.sqrt() / step.root + step.eps);
        }
    } else {
        for (((value, &grad), (m, v)), largest) in rows.zip(largest) {
            means(grad, *value, m, v, step);
            if *v > *largest || v.is_nan() {
                *largest = *v;
            }
            *value -= step.size * *m / (largest.sqrt() / step.root + step.eps);
        }
    }
}

/// Moves the means of g and g².
#[inline(always)]
fn means<E: Float>(grad: E, value: E, m: &mut E, v: &mut E, step: AdamStep<E>) {
    let grad = decayed(grad, value, step.sign, step.weight_decay);
    // As `torch.lerp`, which goes from the nearer end.
    let half = E::from_f64(0.5);
    *m = if step.weight1 < half {
        *m + step.weight1 * (grad - *m)
    } else {
        grad - (grad - *m) * (E::one() - step.weight1)
    };
    *v = *v * step.beta2 + step.weight2 * grad * grad;
}

/// The gradient that is followed: uphill or downhill, with the weight decay.
#[inline(always)]
fn decayed<E: Float>(grad: E, value: E, sign: E, weight_decay: Option<E>) -> E {
    let grad = grad * sign;
    match weight_decay {
        Some(factor) => grad + factor * value,
        None => grad,
    }
}
