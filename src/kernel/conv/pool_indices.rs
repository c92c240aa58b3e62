//! The position of the largest element of each window. It is not used in training, so it follows the definition: a comparison for
//! each element of each window.

use super::pool::{Moving, Windows};
use crate::element::Numeric;
use crate::storage::Storage;

/// The index, in its volume, of the largest element of each window: the first of equals, and the last NaN. Each volume has the
/// planes along the axis of `depth`.
#[inline(never)]
pub(crate) fn largest_indices<E: Numeric>(
    x: &[E],
    (volumes, depth): (usize, &Moving),
    windows: &Windows,
) -> Storage<i64> {
    let [height, width] = windows.input;
    let mut y = Storage::filled(volumes * depth.output * windows.places(), 0);
    if windows.is_empty() {
        return y;
    }
    let (depths, [rows, columns]) = (&depth.spans(false), &windows.spans);
    let index = |i: usize, j: usize, k: usize| (i * height + j) * width + k;
    let mut out = y.make_mut().iter_mut();
    for x in x.chunks_exact(depth.input * windows.plane()) {
        for (layer, row) in depths.iter().flat_map(|layer| rows.iter().map(move |row| (layer, row))) {
            for (column, y) in columns.iter().zip(out.by_ref()) {
                let mut best: Option<usize> = None;
                for i in (layer.start..layer.end).step_by(depth.dilation) {
                    for j in (row.start..row.end).step_by(windows.step[0]) {
                        for k in (column.start..column.end).step_by(windows.step[1]) {
                            let at = index(i, j, k);
                            if best.is_none_or(|best| is_larger(x[at], x[best])) {
                                best = Some(at);
                            }
                        }
                    }
                }
                // A window with gaps may lie around the volume; its first position then is where it begins.
                *y = best.unwrap_or_else(|| index(layer.start, row.start, column.start)) as i64;
            }
        }
    }
    y
}

#[expect(clippy::eq_op, reason = "true of NaN alone, and false of every integer")]
fn is_larger<E: Numeric>(x: E, best: E) -> bool {
    x > best || x != x
}
