//! Functions of one number that several operations need, written so that no intermediate result overflows.

use crate::element::{Float, Numeric};

/// -1, 0 or 1; 0 for -0.0 and for NaN.
#[inline]
pub(crate) fn sign<E: Numeric>(x: E) -> E {
    if x > E::zero() {
        E::one()
    } else if x < E::zero() {
        E::zero() - E::one()
    } else {
        E::zero()
    }
}

/// The larger of two numbers; NaN if one of them is.
#[inline]
pub(crate) fn at_least<E: Numeric>(x: E, min: E) -> E {
    if x >= min {
        x
    } else if x < min {
        min
    } else {
        x + min
    }
}

/// The smaller of two numbers; NaN if one of them is.
#[inline]
pub(crate) fn at_most<E: Numeric>(x: E, max: E) -> E {
    if x <= max {
        x
    } else if x > max {
        max
    } else {
        x + max
    }
}

/// The nearest whole number, the even one of two.
#[inline]
pub(crate) fn round_half_to_even<E: Float>(x: E) -> E {
    let two = E::one() + E::one();
    if (x - x.trunc()).abs() == two.recip() { two * (x / two).round() } else { x.round() }
}

/// 1 / (1 + e⁻ˣ). The exponential is that of -|x|, which is at most 1.
#[inline]
pub(crate) fn sigmoid<E: Float>(x: E) -> E {
    let e = (-x.abs()).exp();
    let numerator = if x >= E::zero() { E::one() } else { e };
    numerator / (E::one() + e)
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + exp(-|x|)).
#[inline]
pub(crate) fn softplus<E: Float>(x: E) -> E {
    at_least(x, E::zero()) + (-x.abs()).exp().ln_1p()
}
