//! The sum of a diagonal.

use crate::element::Numeric;
use crate::kernel::axis::axis::total_of;
use crate::storage::Storage;

/// The sum of the diagonal of a matrix.
pub(crate) fn trace<E: Numeric>(x: &[E], [rows, columns]: [usize; 2]) -> E {
    total_of(x.iter().step_by(columns + 1).take(rows.min(columns)).copied())
}

/// A matrix with `g` on its diagonal.
pub(crate) fn trace_backward<E: Numeric>(g: E, [rows, columns]: [usize; 2]) -> Storage<E> {
    let mut dx = Storage::filled(rows * columns, E::zero());
    let diagonal = dx.make_mut().iter_mut().step_by(columns + 1).take(rows.min(columns));
    diagonal.for_each(|x| *x = g);
    dx
}
