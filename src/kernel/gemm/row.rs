//! Products of one row, x B, and of a few rows: bound by the reading of B, which is read where it lies, once for up to six rows.

use super::blocked::{Right, Task};
use super::levels::Kernels;
use super::pack::{self, KC, Matrix};
use super::scratch::{HasScratch, ScratchBuffer};
use super::tile::{Finish, Tile};
use std::mem::MaybeUninit;

/// How the elements of a row are computed. Decided for a whole product, since it decides the bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Path {
    /// Tiles, for any product.
    Tiles,
    /// The rows of B are contiguous: each is multiplied by an element of x and added.
    Sum,
    /// The columns of B are contiguous: each is a dot product with x.
    Dots,
}

impl Path {
    pub(super) fn of<E: Copy>(task: &Task<E>) -> Self {
        match task.b {
            Right::Plain(b) if task.m == 1 && b.row == 1 && (b.column != 1 || task.n == 1) => Path::Dots,
            Right::Plain(b) if b.row == 1 && reads_columns(task.m, task.k) && task.n > 1 => Path::Dots,
            Right::Plain(b) if task.m == 1 && b.column == 1 => Path::Sum,
            _ => Path::Tiles,
        }
    }
}

/// The rows up to which columns of B that are contiguous may be read where they lie: more fill a vector of 16 elements.
const DOT_ROWS: usize = 14;

/// Whether a product of `rows` rows and `terms` terms reads contiguous columns of B where they lie. For many rows and few terms
/// the end of each sum takes longer than packing B.
pub(crate) const fn reads_columns(rows: usize, terms: usize) -> bool {
    let least = if rows < 8 { 16 } else { 16 * (rows - 6) };
    rows <= DOT_ROWS && terms >= least
}

/// The rows of `m`, after those that fill whole vectors of the widest level, that are better multiplied as [`Path::Dots`] than as a
/// vector of which many lanes are empty.
pub(super) const fn rest<E>(m: usize, k: usize) -> usize {
    let lanes = 64 / size_of::<E>();
    let rest = m % lanes;
    if m > lanes && rest <= lanes - 2 && reads_columns(rest, k) { rest } else { 0 }
}

/// The columns that are read together: each row of B is read in pieces of this many vectors.
const VECTORS: usize = 8;

/// [`Path::Sum`].
///
/// # Safety
/// As [`blocked::run`](super::blocked::run); m is 1 and the rows of B are contiguous.
pub(super) unsafe fn sum<E: HasScratch>(kernels: &Kernels<E>, task: &Task<E>, b: Matrix<E>) {
    let lanes = kernels.lanes;
    let mut j = 0;
    while j < task.n {
        let left = (task.n - j).div_ceil(lanes);
        // The largest of 1, 2, 4 and 8 vectors that are left.
        let size = left.min(VECTORS).ilog2();
        let columns = (lanes << size).min(task.n - j);
        let mut p = 0;
        loop {
            let depth = KC.min(task.k - p);
            let last = p + depth == task.k;
            let at = task.a.from(0, p).at;
            // SAFETY: columns j.. are within C, B and the biases, and rows p.. within B.
            unsafe {
                let tile = Tile {
                    k: depth,
                    a: [at; 4],
                    a_row: 0,
                    a_step: task.a.column,
                    b: b.from(p, j).at,
                    b_step: b.row,
                    c: task.c.add(j),
                    c_row: 0,
                    columns,
                    add: task.add || p > 0,
                    finish: if last { task.finish.at(0, j) } else { Finish::NONE },
                };
                kernels.row[size as usize](&tile);
            }
            p += depth;
            if last {
                break;
            }
        }
        j += columns;
    }
}

/// [`Path::Dots`].
///
/// # Safety
/// As [`blocked::run`](super::blocked::run); the columns of B are contiguous.
pub(super) unsafe fn dots<E: HasScratch>(kernels: &Kernels<E>, task: &Task<E>, b: Matrix<E>) {
    /// The columns between which a sum waits to be finished.
    const TOGETHER: usize = 32;
    /// The rows up to which each is multiplied alone, and how long they are together then.
    const ALONE_ROWS: usize = 3;
    const SHORT: usize = 256;
    let Task { m, k, n, a, .. } = *task;
    let mut copy = ScratchBuffer::take(if a.column == 1 { 0 } else { m * k });
    let (mut x, mut x_row) = (a.at, a.row);
    if a.column != 1 {
        // SAFETY: A has m rows of k elements, and the buffer has room for them.
        unsafe { pack::copy(kernels, a, [m, k], copy.as_mut_ptr(), k) };
        (x, x_row) = (copy.as_ptr(), k);
    }
    let mut j = 0;
    if let Some((together, row_dots)) = kernels.row_dots
        && m <= ALONE_ROWS
        && m * k <= SHORT
    {
        j = n - n % together;
        for i in 0..m {
            // SAFETY: row i and columns below j are within C, B and the biases.
            unsafe {
                row_dots(&Tile {
                    k,
                    a: [x.add(i * x_row); 4],
                    a_row: 0,
                    a_step: 1,
                    b: b.at,
                    b_step: b.column,
                    c: task.c.add(i * task.c_row),
                    c_row: 0,
                    columns: j,
                    add: task.add,
                    finish: task.finish.at(i, 0),
                });
            }
        }
    }
    let mut out = MaybeUninit::<[[E; TOGETHER]; DOT_ROWS]>::uninit();
    let out: *mut [E; TOGETHER] = out.as_mut_ptr().cast();
    while j < n {
        let columns = TOGETHER.min(n - j);
        // SAFETY: columns j.. are within B, C and the biases; `out` has room for m rows of `columns` numbers.
        unsafe {
            let (y, to) = ((b.from(0, j).at, b.column), (out.cast(), TOGETHER));
            kernels.dots[usize::from(m > 1)]([m, k, columns], (x, x_row), y, to);
            for i in 0..m {
                // The first `columns` sums of row i have been written.
                let sums = std::slice::from_raw_parts(out.add(i).cast::<E>(), columns);
                // Nothing else accesses this part of C.
                let c = std::slice::from_raw_parts_mut(task.c.add(i * task.c_row + j), columns);
                task.finish.at(i, j).write(sums, c, task.add);
            }
        }
        j += columns;
    }
}
