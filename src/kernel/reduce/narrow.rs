//! Rows of few elements. Blocks of them are transposed, so that a vector has an element of each of several rows, and are computed
//! as [`columns`](super::columns): along a row of less than two vectors each step would wait for the one before.
//!
//! Floor: what the columns take, and two transpositions of a block that stays in L1.

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::gemm::transpose;
use crate::storage::Storage;

/// The rows of a block: four vectors of `f32` with AVX-512.
const ROWS: usize = 64;

/// The columns of a block are filled up to a multiple of this, so that all vectors are whole. Their values there are any.
const LANES: usize = 16;

/// The fewest rows; measured.
const FEWEST: usize = 16;

/// Whether rows are computed here: those of at most `most` bytes, if there are several. By sizes only.
pub(crate) fn fit<E>(along: AxisLayout, most: usize) -> bool {
    along.inner == 1 && along.outer >= FEWEST && (1..=most / size_of::<E>()).contains(&along.size)
}

/// f(first, columns of x, columns of y, results) for blocks of rows of `size` elements, with the number of the first one and a
/// result for each; it changes the first columns, in the memory of `x` if nothing else holds it. y may be missing.
pub(crate) fn update<E: Float, O: Send>(
    x: Storage<E>,
    y: Option<&[E]>,
    results: &mut [O],
    size: usize,
    f: impl Fn(usize, &mut [E], &[E], &mut [O]) + Sync,
) -> Storage<E> {
    lanes::update_rows(x, y, results, [ROWS, size], |first, (out, x, y), results| {
        let rows = out.len() / size;
        let columns = rows.next_multiple_of(LANES);
        let mut both = Storage::unspecified(size * columns * if y.is_some() { 2 } else { 1 });
        let (block, other) = both.make_mut().split_at_mut(size * columns);
        transpose([size, rows], (x.unwrap_or(out), size), (block, columns));
        if let Some(y) = y {
            transpose([size, rows], (y, size), (other, columns));
        }
        f(first, block, other, results);
        transpose([rows, size], (block, columns), (out, size));
    })
}

/// f(first, columns of x, results) for the same blocks, which stay as they are.
pub(crate) fn reduce<E: Float, O: Send>(
    x: &[E],
    results: &mut [O],
    size: usize,
    f: impl Fn(usize, &[E], &mut [O]) + Sync,
) {
    lanes::for_each_part(results, ROWS, size, |at, results| {
        let mut block = Storage::unspecified(size * ROWS.min(results.len().next_multiple_of(LANES)));
        for (i, results) in results.chunks_mut(ROWS).enumerate() {
            let (first, rows) = (at + i * ROWS, results.len());
            let columns = rows.next_multiple_of(LANES);
            let block = &mut block.make_mut()[..size * columns];
            transpose([size, rows], (&x[first * size..][..rows * size], size), (block, columns));
            f(first, block, results);
        }
    });
}
