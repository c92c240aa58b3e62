//! The rank of the median.

use super::argmax::is_nan;
use crate::element::Numeric;

/// The position of the median in the order of a row, in which NaN comes last.
pub(crate) fn place<E: Numeric>(row: &[E]) -> usize {
    if row.iter().any(|x| is_nan(*x)) {
        row.iter().filter(|x| !is_nan(**x)).count()
    } else {
        row.len().saturating_sub(1) / 2
    }
}
