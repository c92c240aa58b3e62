//! Matrix products of `f32` and `f64`.
//!
//! The simple version: each element of C is one chain of multiply-adds in the order of k. Beyond that:
//! 1. A tile of C, up to 12 rows of two vectors, stays in registers while k runs ([`tile`]): one load of B serves all
//!    rows. Operands are read where they lie while they fit into the cache; larger ones are copied so that a tile reads
//!    contiguous memory ([`pack`], [`blocked`]).
//! 2. k is cut into blocks of [`KC`](pack::KC), whose sums are added in sequence. Beyond [`DEPTH`](many_terms::DEPTH) terms, products
//!    of fewer are added pairwise ([`many_terms`]).
//! 3. One row is bound by memory: B is read once, as rows or as columns, whichever is contiguous ([`row`]). So are a few rows
//!    times columns: up to six meet each column at once, and what is left of vectors of 16 rows is computed so, too.
//! 4. Rectangles of C are computed by several threads.
//!
//! The bits depend on the sizes and on whether the level has FMA: not on tiles, threads, strides that are not transposes,
//! or the width of vectors.

mod batch;
mod blocked;
#[allow(clippy::needless_range_loop, reason = "indices below constants are unrolled")]
mod levels;
mod many_terms;
mod pack;
mod row;
#[cfg(target_arch = "x86_64")]
#[allow(clippy::needless_range_loop, reason = "indices below constants are unrolled: sums stay in registers")]
mod row_dots_x86;
mod scratch;
#[cfg(test)]
mod tests;
#[allow(clippy::needless_range_loop, reason = "indices below constants are unrolled: sums stay in registers")]
mod tile;
mod transpose;
#[cfg(target_arch = "x86_64")]
mod transpose_x86;
mod vector;

pub use levels::Levels;
pub use scratch::HasScratch;

pub(crate) use batch::multiply_batch;
pub(crate) use pack::PackedB;
pub(crate) use row::reads_columns;
pub(crate) use transpose::transpose;

use crate::kernel::simd::level;
use crate::kernel::threads;
use blocked::{Right, Task};
use levels::Kernels;
use many_terms::{DEPTH, multiply_deep};
use pack::Matrix;
use row::Path;
use scratch::ScratchBuffer;
use tile::Finish;

/// The operation on an element of C when its sum is complete.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Epilogue<'a, E> {
    Nothing,
    /// An element for each column is added.
    Bias(&'a [E]),
    /// An element for each row is added.
    #[cfg_attr(not(test), expect(dead_code, reason = "for convolutions"))]
    RowBias(&'a [E]),
    /// An element for each column is added; what is negative becomes 0.
    BiasRelu(&'a [E]),
}

impl<E> Epilogue<'_, E> {
    fn finish(self, m: usize, n: usize) -> Finish<E> {
        match self {
            Epilogue::Nothing => Finish::NONE,
            Epilogue::Bias(bias) | Epilogue::BiasRelu(bias) => {
                assert!(bias.len() >= n, "the bias is too short");
                let relu = matches!(self, Epilogue::BiasRelu(_));
                Finish { columns: bias.as_ptr(), rows: std::ptr::null(), relu }
            }
            Epilogue::RowBias(bias) => {
                assert!(bias.len() >= m, "the bias is too short");
                Finish { columns: std::ptr::null(), rows: bias.as_ptr(), relu: false }
            }
        }
    }
}

/// The right side of a product.
#[derive(Clone, Copy)]
pub(crate) enum Factor<'a, E: HasScratch> {
    /// Elements, and the strides (row, column).
    Plain(&'a [E], [usize; 2]),
    /// The first columns of a matrix.
    Packed(&'a PackedB<E>),
}

/// Compares the length of a slice with the largest offset of a matrix in it.
fn check<E>([rows, columns]: [usize; 2], x: &[E], [row, column]: [usize; 2], side: &str) {
    if rows > 0 && columns > 0 {
        let last = (rows - 1).checked_mul(row).zip((columns - 1).checked_mul(column));
        let last = last.and_then(|(r, c)| r.checked_add(c));
        assert!(last.is_some_and(|last| last < x.len()), "the {side} matrix is too short");
    }
}

/// Compares the lengths of three slices with their matrices, of which C has contiguous rows.
pub(crate) fn check_all<E>(
    [m, k, n]: [usize; 3],
    (a, a_strides): (&[E], [usize; 2]),
    (b, b_strides): (&[E], [usize; 2]),
    (c, c_row): (&[E], usize),
) {
    check([m, k], a, a_strides, "left");
    check([k, n], b, b_strides, "right");
    check([m, n], c, [c_row, 1], "resulting");
}

/// C = (C +) A B for A of `m` x `k` and B of `k` x `n`, with the strides (row, column) of A, and the distance between the
/// rows of C, which are contiguous. Where the product is not added, C is not read.
#[inline(never)]
pub(crate) fn multiply<E: HasScratch>(
    [m, k, n]: [usize; 3],
    (a, a_strides): (&[E], [usize; 2]),
    b: Factor<'_, E>,
    (c, c_row): (&mut [E], usize),
    add: bool,
    epilogue: Epilogue<'_, E>,
) {
    check([m, k], a, a_strides, "left");
    check([m, n], c, [c_row, 1], "resulting");
    assert!(m <= 1 || c_row >= n, "the rows of the result overlap");
    if m == 0 || n == 0 {
        return;
    }
    if let Factor::Plain(b, strides) = b
        && k > DEPTH
    {
        check([k, n], b, strides, "right");
        return multiply_deep([m, k, n], (a, a_strides), (b, strides), (c, c_row), add, epilogue);
    }
    let (b, kernels) = match b {
        Factor::Plain(b, strides) => {
            check([k, n], b, strides, "right");
            let b = Matrix { at: b.as_ptr(), row: strides[0], column: strides[1] };
            (Right::Plain(b), E::kernels(level()))
        }
        Factor::Packed(packed) => {
            assert!(packed.k == k && packed.n >= n, "the packed matrix has other sizes");
            let padded = blocked::padded(packed.n, packed.kernels.panel());
            (Right::Packed { at: packed.elements.as_ptr(), padded, column: 0 }, packed.kernels)
        }
    };
    let a = Matrix { at: a.as_ptr(), row: a_strides[0], column: a_strides[1] };
    let finish = epilogue.finish(m, n);
    let mut task = Task { m, k, n, a, b, c: c.as_mut_ptr(), c_row, add, finish };
    turn(&mut task);
    // SAFETY: `check` compared the largest offset of each matrix with the length of its slice, and the lengths of the
    // biases were compared with the sizes of C. C is borrowed uniquely.
    unsafe {
        match task.b {
            Right::Plain(b) if packs_less_transposed(&task, b) => run_transposed(kernels, &task, b),
            _ => run(kernels, &task),
        }
    };
}

/// Whether Cᵀ = Bᵀ Aᵀ copies clearly less than C = A B: the columns of B are contiguous, as those of a transposed weight,
/// and much longer together than the rows of A and of C. Then B is read where it lies.
fn packs_less_transposed<E: HasScratch>(task: &Task<E>, b: Matrix<E>) -> bool {
    let Task { m, k, n, add, .. } = *task;
    Path::of(task) == Path::Tiles && b.row == 1 && !add && n * k * 2 > 3 * m * (k + n)
}

/// C = A B by Cᵀ = Bᵀ Aᵀ, but for the rows that would leave lanes of a vector empty. Not inlined: products of one row, which come
/// before it, would be slower.
///
/// # Safety
/// As [`run`]; B is that of the task.
#[inline(never)]
unsafe fn run_transposed<E: HasScratch>(kernels: &'static Kernels<E>, task: &Task<E>, b: Matrix<E>) {
    let rest = row::rest::<E>(task.m, task.k);
    let whole = task.m - rest;
    // SAFETY: the caller's promise; the rectangles are disjoint, and within C.
    unsafe {
        run_all_transposed(kernels, task.part(0, whole, 0, task.n), b);
        if rest > 0 {
            run(kernels, &task.part(whole, rest, 0, task.n));
        }
    }
}

/// C = A B by Cᵀ = Bᵀ Aᵀ. The bits are the same: each element is one chain of the same products.
///
/// # Safety
/// As [`run`]; B is that of the task.
unsafe fn run_all_transposed<E: HasScratch>(kernels: &'static Kernels<E>, task: Task<E>, b: Matrix<E>) {
    let Task { m, n, c_row, .. } = task;
    let mut transposed: ScratchBuffer<E> = ScratchBuffer::take(m * n);
    let Finish { columns, rows, relu } = task.finish;
    let product = Task {
        m: n,
        n: m,
        a: b.transposed(),
        b: Right::Plain(task.a.transposed()),
        c: transposed.as_mut_ptr(),
        c_row: m,
        finish: Finish { columns: rows, rows: columns, relu },
        ..task
    };
    // SAFETY: the caller's promise; the buffer has room for Cᵀ, whose rows are m elements long.
    unsafe { run(kernels, &product) };
    let parts = threads::num_parts(m * n, TRANSPOSED_PART).min(m.max(1));
    let height = m.div_ceil(parts);
    let to = SharedTask(Task { a: Matrix { at: transposed.as_ptr(), row: 1, column: m }, ..task });
    let to = &to;
    threads::run(m.div_ceil(height), &|part| {
        let first = part * height;
        let from = to.0.a.at.wrapping_add(first);
        // SAFETY: rows from `first` on, `height` or those that are left, of C and as columns of Cᵀ; parts are disjoint.
        unsafe {
            (kernels.transpose)([height.min(m - first), n], (from, m), (to.0.c.add(first * c_row), c_row));
        }
    });
}

/// Makes a product of one column one of a row, which it is if both sides are transposed. In place: to copy a task right after it was
/// written takes as long as the checks of its sizes.
fn turn<E: Copy>(task: &mut Task<E>) {
    if let Right::Plain(b) = task.b
        && task.n == 1
        && task.m > 1
        && task.c_row == 1
    {
        (task.m, task.n) = (1, task.m);
        (task.a, task.b) = (b.transposed(), Right::Plain(task.a.transposed()));
        (task.finish.columns, task.finish.rows) = (task.finish.rows, task.finish.columns);
    }
}

/// The multiply-adds of a part that is worth a thread.
const PART: usize = 1 << 20;
/// The same for products of one row, which read an element of B for each: half a MiB of `f32`.
const ROW_PART: usize = 1 << 17;

/// The elements of a transposed copy that are worth a thread.
const TRANSPOSED_PART: usize = 1 << 15;

/// A task that threads share: each computes its own rectangles of C.
struct SharedTask<E>(Task<E>);

// SAFETY: the pointers are used for disjoint parts of C, and for reading A, B and the biases, which nothing writes.
unsafe impl<E: Sync> Sync for SharedTask<E> {}

/// Computes a task, on several threads if it is large.
///
/// # Safety
/// The pointers of the task are valid for its sizes, and nothing else accesses its part of C.
unsafe fn run<E: HasScratch>(kernels: &'static Kernels<E>, task: &Task<E>) {
    let path = Path::of(task);
    let work = task.m * task.n * task.k.max(1);
    let part = if path == Path::Tiles { PART } else { PART.min(ROW_PART * task.m) };
    let parts = threads::num_parts(work, part);
    if parts <= 1 {
        // SAFETY: the caller's promise.
        return unsafe { run_part(kernels, path, task) };
    }
    let panel = kernels.panel();
    let grid = grid(parts, [task.m, task.n], [kernels.wide.len(), panel]);
    let shared = SharedTask(*task);
    let shared = &shared;
    threads::run(grid[0] * grid[1], &|part| {
        let task = shared.0;
        let [rows, columns] = [task.m.div_ceil(grid[0]), task.n.div_ceil(grid[1]).next_multiple_of(panel)];
        let (row, column) = (part / grid[1] * rows, part % grid[1] * columns);
        if row < task.m && column < task.n {
            // SAFETY: the rectangles are disjoint, and cut to C.
            unsafe {
                let task = task.part(row, rows.min(task.m - row), column, columns.min(task.n - column));
                run_part(kernels, path, &task);
            }
        }
    });
}

/// Into how many rows and columns of parts C is cut: those that read the least.
fn grid(parts: usize, [m, n]: [usize; 2], [rows, columns]: [usize; 2]) -> [usize; 2] {
    let fits = |[r, c]: [usize; 2]| m.div_ceil(rows) >= r && n.div_ceil(columns) >= c;
    let reads = |[r, c]: [usize; 2]| m.div_ceil(r) + n.div_ceil(c);
    (1..=parts)
        .filter(|r| parts.is_multiple_of(*r))
        .map(|r| [r, parts / r])
        .filter(|grid| fits(*grid))
        .min_by_key(|grid| reads(*grid))
        .unwrap_or([1, 1])
}

/// Computes a task on this thread.
///
/// # Safety
/// As [`run`].
unsafe fn run_part<E: HasScratch>(kernels: &'static Kernels<E>, path: Path, task: &Task<E>) {
    // SAFETY: the caller's promise; the paths of one row were chosen for this task.
    unsafe {
        match (path, task.b) {
            (Path::Sum, Right::Plain(b)) => row::sum(kernels, task, b),
            (Path::Dots, Right::Plain(b)) => row::dots(kernels, task, b),
            _ => blocked::run(kernels, task),
        }
    }
}
