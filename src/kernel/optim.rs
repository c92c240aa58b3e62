//! The steps of the optimizers: one pass over the value, the gradient and what is remembered.
//!
//! The options are of the type of the parameter, and the operations are in PyTorch's order, so that the results
//! differ from PyTorch's by no more than the rounding of single operations.

use crate::element::Float;

/// The gradient that is followed, uphill or downhill, with the weight decay.
#[derive(Clone, Copy)]
pub(crate) struct Followed<E> {
    /// -1 to go uphill.
    sign: E,
    /// `None` instead of 0, because 0 times infinity is NaN.
    weight_decay: Option<E>,
}

impl<E: Float> Followed<E> {
    pub(crate) fn new(maximize: bool, weight_decay: f64) -> Self {
        Followed {
            sign: E::from_f64(if maximize { -1.0 } else { 1.0 }),
            weight_decay: (weight_decay != 0.0).then(|| E::from_f64(weight_decay)),
        }
    }

    #[inline(always)]
    fn of(self, grad: E, value: E) -> E {
        let grad = grad * self.sign;
        match self.weight_decay {
            Some(factor) => grad + factor * value,
            None => grad,
        }
    }
}

/// The options of a step of gradient descent.
#[derive(Clone, Copy)]
pub(crate) struct SgdStep<E> {
    pub(crate) lr: E,
    pub(crate) momentum: E,
    /// The share of the gradient that goes into the momentum: 1 - dampening.
    pub(crate) fresh: E,
    pub(crate) nesterov: bool,
    pub(crate) followed: Followed<E>,
}

/// A step without momentum.
#[inline(never)]
pub(crate) fn sgd<E: Float>(value: &mut [E], grad: &[E], step: SgdStep<E>) {
    for (value, &grad) in value.iter_mut().zip(grad) {
        *value -= step.lr * step.followed.of(grad, *value);
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
        let grad = step.followed.of(grad, *value);
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
    /// The factor of the value before the step, where the decay is decoupled from the gradient.
    pub(crate) kept: Option<E>,
    pub(crate) followed: Followed<E>,
}

/// A step of Adam. `moments` holds m and v, and for AMSGrad the largest v behind them.
#[inline(never)]
pub(crate) fn adam<E: Float>(value: &mut [E], grad: &[E], moments: &mut [E], step: AdamStep<E>) {
    let (m, rest) = moments.split_at_mut(value.len());
    let (v, largest) = rest.split_at_mut(value.len());
    let rows = value.iter_mut().zip(grad).zip(m.iter_mut().zip(v));
    if largest.is_empty() {
        for ((value, &grad), (m, v)) in rows {
            means(grad, value, m, v, step);
            *value -= step.size * *m / (v.sqrt() / step.root + step.eps);
        }
    } else {
        for (((value, &grad), (m, v)), largest) in rows.zip(largest) {
            means(grad, value, m, v, step);
            if *v > *largest || v.is_nan() {
                *largest = *v;
            }
            *value -= step.size * *m / (largest.sqrt() / step.root + step.eps);
        }
    }
}

/// Lets the value decay, and moves the means of g and g².
#[inline(always)]
fn means<E: Float>(grad: E, value: &mut E, m: &mut E, v: &mut E, step: AdamStep<E>) {
    if let Some(kept) = step.kept {
        *value *= kept;
    }
    let grad = step.followed.of(grad, *value);
    *m = lerp(*m, grad, step.weight1);
    *v = *v * step.beta2 + step.weight2 * grad * grad;
}

/// As `torch.lerp`, which goes from the nearer end.
#[inline(always)]
fn lerp<E: Float>(from: E, to: E, weight: E) -> E {
    if weight < E::from_f64(0.5) {
        from + weight * (to - from)
    } else {
        to - (to - from) * (E::one() - weight)
    }
}

/// The options of a step of RMSprop.
#[derive(Clone, Copy)]
pub(crate) struct RmsPropStep<E> {
    pub(crate) lr: E,
    pub(crate) alpha: E,
    /// 1 - α
    pub(crate) weight: E,
    pub(crate) eps: E,
    pub(crate) momentum: E,
    pub(crate) followed: Followed<E>,
}

/// A step of RMSprop. `mean` is empty where it is not centered, `momentum` where there is none.
#[inline(never)]
pub(crate) fn rms_prop<E: Float>(
    value: &mut [E],
    grad: &[E],
    square: &mut [E],
    mean: &mut [E],
    momentum: &mut [E],
    step: RmsPropStep<E>,
) {
    for (i, ((value, &grad), v)) in value.iter_mut().zip(grad).zip(square).enumerate() {
        let grad = step.followed.of(grad, *value);
        *v = *v * step.alpha + step.weight * grad * grad;
        let variance = match mean.get_mut(i) {
            Some(mean) => {
                *mean = lerp(*mean, grad, step.weight);
                *v - *mean * *mean
            }
            None => *v,
        };
        let scale = variance.sqrt() + step.eps;
        match momentum.get_mut(i) {
            Some(buffer) => {
                *buffer = *buffer * step.momentum + grad / scale;
                *value -= step.lr * *buffer;
            }
            None => *value -= step.lr * grad / scale,
        }
    }
}

/// The options of a step of Adagrad.
#[derive(Clone, Copy)]
pub(crate) struct AdagradStep<E> {
    pub(crate) lr: E,
    pub(crate) eps: E,
    pub(crate) followed: Followed<E>,
}

/// A step of Adagrad. `sum` is that of all g² so far.
#[inline(never)]
pub(crate) fn adagrad<E: Float>(value: &mut [E], grad: &[E], sum: &mut [E], step: AdagradStep<E>) {
    for ((value, &grad), sum) in value.iter_mut().zip(grad).zip(sum) {
        let grad = step.followed.of(grad, *value);
        *sum += grad * grad;
        *value -= step.lr * grad / (sum.sqrt() + step.eps);
    }
}
