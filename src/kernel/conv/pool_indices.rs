//! The position of the largest element of each window. It is not used in training, so it follows the definition: a comparison for
//! each element of each window.

use super::pool::Windows;
use crate::element::Numeric;
use crate::storage::Storage;

/// The index, in its plane, of the largest element of each window: the first of equals, and the last NaN.
#[inline(never)]
pub(crate) fn largest_indices<E: Numeric>(x: &[E], windows: &Windows) -> Storage<i64> {
    let (plane, width) = (windows.plane(), windows.input[1]);
    let mut y = Storage::filled(windows.planes * windows.places(), 0);
    if windows.is_empty() {
        return y;
    }
    let [rows, columns] = &windows.spans;
    let mut out = y.make_mut().iter_mut();
    for x in x.chunks_exact(plane) {
        for row in rows {
            for (column, y) in columns.iter().zip(out.by_ref()) {
                let mut best: Option<usize> = None;
                for i in (row.start..row.end).step_by(windows.step[0]) {
                    for at in (column.start..column.end).step_by(windows.step[1]).map(|j| i * width + j) {
                        if best.is_none_or(|best| is_larger(x[at], x[best])) {
                            best = Some(at);
                        }
                    }
                }
                // A window with gaps may lie around the plane; its first position then is where it begins.
                *y = best.unwrap_or(row.start * width + column.start) as i64;
            }
        }
    }
    y
}

#[expect(clippy::eq_op, reason = "true of NaN alone, and false of every integer")]
fn is_larger<E: Numeric>(x: E, best: E) -> bool {
    x > best || x != x
}
