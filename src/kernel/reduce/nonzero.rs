//! Elements that are not zero.

use crate::element::Element;

/// Whether `x` counts as true.
fn is_nonzero<E: Element>(x: &E) -> bool {
    *x != E::default()
}

/// Their number.
pub(crate) fn count<E: Element>(lane: &[E]) -> i64 {
    lane.iter().filter(|x| is_nonzero(*x)).count() as i64
}

/// Whether every element is one.
pub(crate) fn all<E: Element>(lane: &[E]) -> bool {
    lane.iter().all(is_nonzero)
}

/// Whether there is one.
pub(crate) fn any<E: Element>(lane: &[E]) -> bool {
    lane.iter().any(is_nonzero)
}
