//! Functions of one number that several operations need.

use crate::element::Numeric;
use std::hint::select_unpredictable;

/// -1, 0 or 1; 0 for -0.0 and for NaN.
#[inline]
pub(crate) fn sign<E: Numeric>(x: E) -> E {
    // No branches: signs are as good as random.
    let negative = select_unpredictable(x < E::zero(), E::zero() - E::one(), E::zero());
    select_unpredictable(x > E::zero(), E::one(), negative)
}
