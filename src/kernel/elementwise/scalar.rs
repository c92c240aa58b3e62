//! Functions of one number that several operations need.

use crate::element::Numeric;

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
