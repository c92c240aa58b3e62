//! Diagonals of matrices, and what lies on their sides.

use crate::element::Element;
use crate::storage::Storage;

/// Where a diagonal lies in the memory of a matrix.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) step: usize,
    pub(crate) len: usize,
}

/// The elements on a diagonal.
pub(crate) fn take<E: Element>(x: &[E], line: Line) -> Storage<E> {
    Storage::from_fn(line.len, |i| x[line.start + i * line.step])
}

/// `len` zeros with `x` on a diagonal.
pub(crate) fn spread<E: Element>(x: &[E], line: Line, len: usize) -> Storage<E> {
    let mut out = Storage::filled(len, E::default());
    out.make_mut().iter_mut().skip(line.start).step_by(line.step).zip(x).for_each(|(out, x)| *out = *x);
    out
}

/// Zeros above the diagonal `k` of each matrix of `rows` rows and `columns` columns.
#[inline(never)]
pub(crate) fn lower<E: Element>(mut x: Storage<E>, [rows, columns]: [usize; 2], k: isize) -> Storage<E> {
    if rows * columns > 0 {
        for matrix in x.make_mut().chunks_exact_mut(rows * columns) {
            for (i, row) in matrix.chunks_exact_mut(columns).enumerate() {
                row[column(i, k.saturating_add(1), columns)..].fill(E::default());
            }
        }
    }
    x
}

/// Zeros below the diagonal `k` of each matrix of `rows` rows and `columns` columns.
#[inline(never)]
pub(crate) fn upper<E: Element>(mut x: Storage<E>, [rows, columns]: [usize; 2], k: isize) -> Storage<E> {
    if rows * columns > 0 {
        for matrix in x.make_mut().chunks_exact_mut(rows * columns) {
            for (i, row) in matrix.chunks_exact_mut(columns).enumerate() {
                row[..column(i, k, columns)].fill(E::default());
            }
        }
    }
    x
}

/// The column where the diagonal `k` meets the row `i`, or the nearest end of the row.
fn column(i: usize, k: isize, columns: usize) -> usize {
    (i as isize).saturating_add(k).clamp(0, columns as isize) as usize
}
