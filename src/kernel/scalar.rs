//! Functions of one number that several operations need, written so that no intermediate result overflows.

use crate::element::Float;

/// 1 / (1 + e⁻ˣ). The exponential is that of -|x|, which is at most 1.
#[inline]
pub(crate) fn sigmoid<E: Float>(x: E) -> E {
    let e = (-x.abs()).exp();
    let numerator = if x >= E::zero() { E::one() } else { e };
    numerator / (E::one() + e)
}
