//! Products of any size, tile by tile.

use super::levels::Kernels;
use super::pack::{self, KC, Matrix};
use super::scratch::{HasScratch, ScratchBuffer};
use super::tile::{Finish, Tile};

/// Rows of A that are copied together: with [`KC`] columns they stay in the second level of the cache.
const MC: usize = 192;
/// Columns of B that are packed together.
const NC: usize = 1024;

/// Where B is.
#[derive(Clone, Copy)]
pub(super) enum Right<E> {
    Plain(Matrix<E>),
    /// From [`PackedB`](pack::PackedB): panels for all of B, whose padded width is given, from a column on.
    Packed {
        at: *const E,
        padded: usize,
        column: usize,
    },
}

/// C = (C +) A B with raw pointers.
#[derive(Clone, Copy)]
pub(super) struct Task<E> {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    pub a: Matrix<E>,
    pub b: Right<E>,
    pub c: *mut E,
    /// From one row of C to the next.
    pub c_row: usize,
    /// Whether the product is added to C; otherwise C is not read.
    pub add: bool,
    pub finish: Finish<E>,
}

impl<E> Task<E> {
    /// The same for a rectangle of C.
    ///
    /// # Safety
    /// The rectangle lies within C.
    pub(super) unsafe fn part(self, row: usize, rows: usize, column: usize, columns: usize) -> Self {
        let b = match self.b {
            Right::Plain(b) => Right::Plain(b.from(0, column)),
            Right::Packed { at, padded, column: before } => {
                Right::Packed { at, padded, column: before + column }
            }
        };
        Task {
            m: rows,
            n: columns,
            a: self.a.from(row, 0),
            b,
            c: self.c.wrapping_add(row * self.c_row + column),
            // SAFETY: the biases have an element for each row or column of C.
            finish: unsafe { self.finish.at(row, column) },
            ..self
        }
    }
}

/// How many of `total` the next of the fewest nearly equal parts of at most `most` gets.
fn share(total: usize, most: usize) -> usize {
    if total <= most { total } else { total.div_ceil(total.div_ceil(most)) }
}

/// Whether B is better read where it lies: its columns are contiguous, and a panel of it stays in the first level of
/// the cache, or is read too few times for a copy to pay.
fn reads_b_directly<E>(b: Matrix<E>, [m, k, n]: [usize; 3], rows: usize, panel: usize) -> bool {
    let (depth, size) = (k.min(KC), size_of::<E>());
    let most = if panel_fits(b.row * size, depth, panel * size) { DIRECT_SPREAD_B } else { DIRECT_B };
    b.column == 1 && (m <= 3 * rows || depth * n * size <= most)
}

/// Whether the lines of a panel of `depth` rows at this distance, both in bytes, are at most seven in each of the 64 sets of the
/// first level, which have eight ways or more.
fn panel_fits(distance: usize, depth: usize, panel: usize) -> bool {
    const PAGE: usize = 4096;
    const WAYS: usize = 7;
    let lines = panel.div_ceil(LINE) + usize::from(!distance.is_multiple_of(LINE));
    let sets = (PAGE >> distance.trailing_zeros().min(PAGE.ilog2())) * lines;
    depth * lines <= WAYS * sets.min(PAGE / LINE)
}

/// The bytes of B up to which it is not packed.
const DIRECT_B: usize = 64 << 10;
/// The same where the rows of a panel are all in the first level while B is in the second.
const DIRECT_SPREAD_B: usize = 256 << 10;
/// The bytes of A up to which it is not copied where its columns are contiguous: a step along k is one along rows.
const DIRECT_A: usize = 256 << 10;

/// Whether A is better read where it lies. Rows at this distance must share few lines of the cache. The few that a tile reads
/// are contiguous along k, and stay in the first level while they meet all of B.
fn reads_a_directly<E>(a: Matrix<E>, m: usize, k: usize, n: usize, panel: usize) -> bool {
    if n <= 2 * panel {
        return true;
    }
    let bytes = m * k.min(KC) * size_of::<E>();
    if a.column == 1 {
        return !collides(a.row * size_of::<E>());
    }
    bytes <= DIRECT_A && !(a.row.max(a.column) * size_of::<E>()).is_multiple_of(2048)
}

/// Whether rows at this distance in bytes would push each other out of the first level: those of a tile have one place in
/// eight ways.
pub(super) fn collides(distance: usize) -> bool {
    distance.is_multiple_of(4096)
}

/// Computes `task`.
///
/// # Safety
/// The pointers of the task are valid for its sizes, and nothing else accesses its part of C.
pub(super) unsafe fn run<E: HasScratch>(kernels: &Kernels<E>, task: &Task<E>) {
    let Task { m, k, n, a, b, .. } = *task;
    let panel = kernels.panel();
    let direct_a = reads_a_directly(a, m, k, n, panel);
    let direct_b = match b {
        Right::Plain(b) => reads_b_directly(b, [m, k, n], kernels.wide.len(), panel),
        Right::Packed { .. } => true,
    };
    let mut packed = ScratchBuffer::take(if direct_b { 0 } else { k.min(KC) * padded(n.min(NC), panel) });
    let mut rows = ScratchBuffer::take(if direct_a { 0 } else { block_len(a, m.min(MC), k.min(KC)) });
    let nc = if direct_b { n } else { NC };
    let mc = if direct_a { m } else { MC };
    let mut j = 0;
    while j < n {
        let width = nc.min(n - j);
        let mut p = 0;
        loop {
            let depth = KC.min(k - p);
            let last = p + depth == k;
            // SAFETY: rows p.. and columns j.. of B exist; the buffer has room for one block of panels.
            let (b, b_step, b_panel) = unsafe {
                match b {
                    Right::Plain(b) if direct_b => (b.from(p, j).at, b.row, panel),
                    Right::Plain(b) => {
                        pack::panels(kernels, b.from(p, j), [depth, width], packed.as_mut_ptr());
                        (packed.as_ptr(), panel, depth * panel)
                    }
                    // The columns of a part of C are those of whole panels.
                    Right::Packed { at, padded, column } => {
                        (at.add(p * padded + column * depth), panel, depth * panel)
                    }
                }
            };
            let add = task.add || p > 0;
            let finish = if last { task.finish } else { Finish::NONE };
            let block = Block { j, width, depth, b, b_step, b_panel, add, finish };
            let mut i = 0;
            while i < m {
                let height = mc.min(m - i);
                let here = a.from(i, p);
                // SAFETY: rows i.. and columns p.. of A exist; the buffer has room for one block.
                unsafe {
                    let a =
                        if direct_a { here } else { copy_block(kernels, here, [height, depth], &mut rows) };
                    run_block(kernels, task, &block, a, i, height);
                }
                i += height;
            }
            p += depth;
            if last {
                break;
            }
        }
        j += width;
    }
}

/// `n` rounded up to whole panels, which have a power of 2 of columns.
pub(super) fn padded(n: usize, panel: usize) -> usize {
    debug_assert!(panel.is_power_of_two());
    (n + panel - 1) & !(panel - 1)
}

/// The distance of the rows of a copied block of A whose rows have `len` elements: not a multiple of a page.
fn apart<E>(len: usize) -> usize {
    len.next_multiple_of(LINE / size_of::<E>()) + LINE / size_of::<E>()
}

const LINE: usize = 64;

/// The elements of a copied block of A.
fn block_len<E>(a: Matrix<E>, m: usize, k: usize) -> usize {
    if a.row == 1 { k * apart::<E>(m) } else { m * apart::<E>(k) }
}

/// Copies a block of A, in the order of its memory.
///
/// # Safety
/// `a` is valid for reads of this size, and `to` has at least [`block_len`] elements.
unsafe fn copy_block<E: Copy>(
    kernels: &Kernels<E>,
    a: Matrix<E>,
    [m, k]: [usize; 2],
    to: &mut [E],
) -> Matrix<E> {
    debug_assert!(block_len(a, m, k) <= to.len());
    // SAFETY: the caller's promise; the rows of the copy fit, as `block_len` says.
    unsafe {
        if a.row == 1 {
            let row = apart::<E>(m);
            pack::copy(kernels, a.transposed(), [k, m], to.as_mut_ptr(), row);
            Matrix { at: to.as_ptr(), row: 1, column: row }
        } else {
            let row = apart::<E>(k);
            pack::copy(kernels, a, [m, k], to.as_mut_ptr(), row);
            Matrix { at: to.as_ptr(), row, column: 1 }
        }
    }
}

/// A block of B, and what becomes of its products.
struct Block<E> {
    /// The first column of C.
    j: usize,
    width: usize,
    depth: usize,
    b: *const E,
    b_step: usize,
    /// From one panel to the next.
    b_panel: usize,
    add: bool,
    finish: Finish<E>,
}

/// The products of rows `i..i + height`, at `a`, with a block of B.
///
/// # Safety
/// As [`run`], for these rows and the columns of the block.
unsafe fn run_block<E: HasScratch>(
    kernels: &Kernels<E>,
    task: &Task<E>,
    block: &Block<E>,
    a: Matrix<E>,
    i: usize,
    height: usize,
) {
    let panel = kernels.panel();
    let mut r = 0;
    // Rows that would push each other out of the first level are few.
    let collide = a.column == 1 && collides(a.row * size_of::<E>());
    let most = if collide { kernels.wide.len().min(8) } else { kernels.wide.len() };
    let rows = share(height, most);
    while r < height {
        let here = rows.min(height - r);
        let at = a.at.wrapping_add(r * a.row);
        let a_rows = [0, 3, 6, 9].map(|r| at.wrapping_add(r * a.row));
        let mut j = 0;
        let mut b = block.b;
        while j < block.width {
            let columns = panel.min(block.width - j);
            let tiles = if columns > kernels.lanes { kernels.wide } else { kernels.narrow };
            // SAFETY: rows i + r.. and columns block.j + j.. are within C, the operands and the biases.
            unsafe {
                let tile = Tile {
                    k: block.depth,
                    a: a_rows,
                    a_row: a.row,
                    a_step: a.column,
                    b,
                    b_step: block.b_step,
                    c: task.c.add((i + r) * task.c_row + block.j + j),
                    c_row: task.c_row,
                    columns,
                    add: block.add,
                    finish: block.finish.at(i + r, block.j + j),
                };
                tiles[here - 1](&tile);
            }
            j += panel;
            b = b.wrapping_add(block.b_panel);
        }
        r += here;
    }
}
