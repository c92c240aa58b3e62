//! Copies of blocks of A and B in the order in which tiles read them.

use super::levels::Kernels;
use super::scratch::{HasScratch, ScratchBuffer};
use crate::kernel::simd::{fetch, level};

/// The products that one chain of multiply-adds sums. Blocks of k are added in sequence. It is the same for all
/// sizes and levels, since it decides the bits of a product.
pub(super) const KC: usize = 256;

/// A matrix in memory: where it begins, and its strides (row, column).
#[derive(Clone, Copy)]
pub(super) struct Matrix<E> {
    pub at: *const E,
    pub row: usize,
    pub column: usize,
}

impl<E> Matrix<E> {
    /// The part from this row and column on.
    pub(super) fn from(self, row: usize, column: usize) -> Self {
        Matrix { at: self.at.wrapping_add(row * self.row + column * self.column), ..self }
    }
    pub(super) fn transposed(self) -> Self {
        Matrix { row: self.column, column: self.row, ..self }
    }
}

/// The bytes of a line of the cache.
const LINE: usize = 64;
/// How many rows before it is copied a row is fetched: rows are too short for the machine to see where they lead.
const AHEAD: usize = 8;
/// The panels that are written side by side. More would lie at one distance and push each other out of the cache.
const TOGETHER: usize = 4;

/// Asks for some columns of a row, which need not exist.
#[inline(always)]
fn fetch_row<E: Copy>(from: Matrix<E>, row: usize, [first, end]: [usize; 2]) {
    for j in (first..end).step_by(LINE / size_of::<E>()) {
        fetch(from.from(row, j).at);
    }
}

/// Copies a row of a panel, which is a multiple of 32 bytes at every level.
///
/// # Safety
/// As many elements can be read and written; they do not overlap.
#[inline(always)]
unsafe fn copy_panel_row<E: Copy>(from: *const E, to: *mut E, panel: usize) {
    let bytes = panel * size_of::<E>();
    debug_assert!(bytes.is_multiple_of(32));
    let (from, to) = (from.cast::<[u64; 4]>(), to.cast::<[u64; 4]>());
    for i in 0..bytes / 32 {
        // SAFETY: 32 bytes of the row; elements are floats, which are as many integers.
        unsafe { to.add(i).write_unaligned(from.add(i).read_unaligned()) };
    }
}

/// Copies `rows` x `columns` of `from` to `to`, whose rows are `to_row` apart and contiguous.
///
/// # Safety
/// `from` is valid for reads of this size, `to` for writes; they do not overlap.
pub(super) unsafe fn copy<E: Copy>(
    kernels: &Kernels<E>,
    from: Matrix<E>,
    [rows, columns]: [usize; 2],
    to: *mut E,
    to_row: usize,
) {
    // SAFETY: rows and columns stay below the sizes for which the caller's matrices are valid.
    unsafe {
        if from.column == 1 {
            for i in 0..rows {
                fetch_row(from, i + AHEAD, [0, columns]);
                std::ptr::copy_nonoverlapping(from.at.add(i * from.row), to.add(i * to_row), columns);
            }
        } else if from.row == 1 {
            (kernels.transpose)([rows, columns], (from.at, from.column), (to, to_row));
        } else {
            for i in 0..rows {
                for j in 0..columns {
                    to.add(i * to_row + j).copy_from_nonoverlapping(from.from(i, j).at, 1);
                }
            }
        }
    }
}

/// Packs `rows` (at most [`KC`]) x `columns` of B into consecutive panels of `panel` columns. The last panel is
/// not filled up: its tiles do not read further.
///
/// # Safety
/// `b` is valid for reads of this size, and `to` for writes of `rows` x `columns` rounded up to panels.
pub(super) unsafe fn panels<E: Copy>(
    kernels: &Kernels<E>,
    b: Matrix<E>,
    [rows, columns]: [usize; 2],
    to: *mut E,
) {
    let panel = kernels.panel();
    if b.column == 1 {
        for first in (0..columns).step_by(TOGETHER * panel) {
            let end = columns.min(first + TOGETHER * panel);
            for i in 0..rows {
                fetch_row(b, i + AHEAD, [first, end]);
                for j in (first..end).step_by(panel) {
                    // SAFETY: columns from j on of row i; panel j / panel starts at rows * j.
                    unsafe {
                        let (from, to) = (b.at.add(i * b.row + j), to.add(rows * j + i * panel));
                        if j + panel <= end {
                            copy_panel_row(from, to, panel);
                        } else {
                            std::ptr::copy_nonoverlapping(from, to, end - j);
                        }
                    }
                }
            }
        }
        return;
    }
    let mut j = 0;
    while j < columns {
        // SAFETY: columns from j on; panel j / panel starts at rows * j.
        unsafe { copy(kernels, b.from(0, j), [rows, panel.min(columns - j)], to.add(rows * j), panel) };
        j += panel;
    }
}

/// A matrix on the right of products, packed once and used many times.
pub(crate) struct PackedB<E: HasScratch> {
    pub(super) elements: ScratchBuffer<E>,
    pub(super) kernels: &'static Kernels<E>,
    pub(super) k: usize,
    pub(super) n: usize,
}

impl<E: HasScratch> PackedB<E> {
    /// From B of `k` x `n`, with its strides (row, column).
    pub(crate) fn new([k, n]: [usize; 2], (b, strides): (&[E], [usize; 2])) -> Self {
        super::check([k, n], b, strides, "right");
        let kernels = E::kernels(level());
        let panel = kernels.panel();
        let padded = super::blocked::padded(n, panel);
        let mut elements: ScratchBuffer<E> = ScratchBuffer::take(k * padded);
        let b = Matrix { at: b.as_ptr(), row: strides[0], column: strides[1] };
        for p in (0..k).step_by(KC) {
            // SAFETY: `check` compared the largest offset in `b` with its length. Block p starts at p * padded and has
            // at most k - p rows of `padded` elements.
            unsafe {
                panels(kernels, b.from(p, 0), [KC.min(k - p), n], elements.as_mut_ptr().add(p * padded));
            }
        }
        PackedB { elements, kernels, k, n }
    }
}
