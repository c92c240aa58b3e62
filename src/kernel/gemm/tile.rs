//! The innermost loops: a tile of C in registers, and a group of dot products.

use super::vector::Vector;
use crate::kernel::simd::fetch;

/// Runs the block for each row below `$m`, at most 12, without a loop: the sums must stay in registers.
macro_rules! each_row {
    ($m:ident, |$i:ident| $body:block) => {
        each_row!(@ $m $i $body 0 1 2 3 4 5 6 7 8 9 10 11)
    };
    (@ $m:ident $i:ident $body:block $($row:literal)*) => {
        $(if $m > $row {
            let $i: usize = $row;
            $body
        })*
    };
}

/// The operation on an element of C when its sum is complete.
#[derive(Clone, Copy)]
pub(super) struct Finish<E> {
    /// Added to all rows, one for each column; null for none.
    pub columns: *const E,
    /// Added to all columns, one for each row; null for none.
    pub rows: *const E,
    pub relu: bool,
}

impl<E> Finish<E> {
    pub(super) const NONE: Self = Finish { columns: std::ptr::null(), rows: std::ptr::null(), relu: false };

    /// The same for the part of C from this row and column on.
    ///
    /// # Safety
    /// The biases that are not null have that many elements.
    pub(super) unsafe fn at(self, row: usize, column: usize) -> Self {
        // SAFETY: the offsets are within the biases, as the caller says.
        let at = |x: *const E, i: usize| if x.is_null() { x } else { unsafe { x.add(i) } };
        Finish { columns: at(self.columns, column), rows: at(self.rows, row), relu: self.relu }
    }
}

impl<E: Copy + Default + PartialOrd + std::ops::Add<Output = E>> Finish<E> {
    /// Writes the complete sums of the first row to `c`, or adds them to it.
    ///
    /// # Safety
    /// The biases that are not null have an element for each sum and for the first row, and nothing writes to them.
    #[inline(always)]
    pub(super) unsafe fn write(self, sums: &[E], c: &mut [E], add: bool) {
        let relu = |x: E| if x < E::default() { E::default() } else { x };
        // Loops without a choice in them, which become vectors wherever they are inlined.
        if self.columns.is_null() {
            if add {
                c.iter_mut().zip(sums).for_each(|(c, sum)| *c = *c + *sum);
            } else {
                c.copy_from_slice(sums);
            }
        } else {
            // SAFETY: the caller's promise.
            let bias = unsafe { std::slice::from_raw_parts(self.columns, sums.len()) };
            let terms = c.iter_mut().zip(sums).zip(bias);
            if add {
                terms.for_each(|((c, sum), bias)| *c = *c + *sum + *bias);
            } else {
                terms.for_each(|((c, sum), bias)| *c = *sum + *bias);
            }
        }
        if !self.rows.is_null() {
            // SAFETY: the caller's promise.
            let bias = unsafe { *self.rows };
            c.iter_mut().for_each(|c| *c = *c + bias);
        }
        if self.relu {
            c.iter_mut().for_each(|c| *c = relu(*c));
        }
    }
}

/// A tile of C, which is the product of rows of A and columns of B, whose elements are contiguous.
#[derive(Clone, Copy)]
pub(super) struct Tile<E> {
    pub k: usize,
    /// Rows 0, 3, 6 and 9 of A: the others are offsets that an addressing mode can express.
    pub a: [*const E; 4],
    /// From one row of A to the next.
    pub a_row: usize,
    /// From one column of A to the next.
    pub a_step: usize,
    pub b: *const E,
    /// From one row of B to the next.
    pub b_step: usize,
    pub c: *mut E,
    /// From one row of C to the next.
    pub c_row: usize,
    pub columns: usize,
    /// Whether the product is added to C; otherwise C is not read.
    pub add: bool,
    pub finish: Finish<E>,
}

/// From so many products on C is fetched first.
const FETCHED: usize = 128;

/// `M` rows and `N` vectors of columns, of which the last is partial.
///
/// Each element is one chain of multiply-adds in the order of k, for any size of the tile.
///
/// # Safety
/// The machine has the instructions of `V`. `(N - 1) * LEN < columns <= N * LEN`. All pointers are valid for the `M` rows,
/// `columns` columns and `k` products, and nothing else accesses this part of C.
#[inline(always)]
pub(super) unsafe fn tile<V: Vector, const M: usize, const N: usize>(tile: &Tile<V::Element>) {
    let Tile { k, a_row, a_step, b_step, c_row, .. } = *tile;
    // SAFETY: rows below `M` of A are read at columns below `k`. Rows of B below `k` are read at `columns` columns: all
    // lanes of the first N - 1 vectors, and the lanes of the last that the mask selects. The same lanes of `M` rows of
    // C are written, and read if `add` is set. The biases are read at the same rows and columns.
    unsafe {
        let last = V::first(tile.columns - (N - 1) * V::LEN);
        if k >= FETCHED {
            // C has time to arrive while the products are summed.
            each_row!(M, |i| {
                for n in 0..N {
                    fetch(tile.c.wrapping_add(i * c_row + n * V::LEN).cast_const());
                }
            });
        }
        let mut sums = [[V::zero(); N]; M];
        let (mut a, mut b) = (tile.a, tile.b);
        for _ in 0..k {
            let row = load_row::<V, N>(b, last);
            each_row!(M, |i| {
                sums[i] = fused_row(sums[i], V::splat(*a[i / 3].add(i % 3 * a_row)), row);
            });
            for a in &mut a {
                *a = a.wrapping_add(a_step);
            }
            b = b.wrapping_add(b_step);
        }
        let Finish { columns, rows, relu } = tile.finish;
        if tile.add {
            each_row!(M, |i| {
                sums[i] = add_row(load_row::<V, N>(tile.c.add(i * c_row), last), sums[i]);
            });
        }
        if !columns.is_null() {
            let bias = load_row::<V, N>(columns, last);
            each_row!(M, |i| {
                sums[i] = add_row(sums[i], bias);
            });
        }
        if !rows.is_null() {
            each_row!(M, |i| {
                sums[i] = add_row(sums[i], [V::splat(*rows.add(i)); N]);
            });
        }
        if relu {
            each_row!(M, |i| {
                for sum in &mut sums[i] {
                    *sum = sum.relu();
                }
            });
        }
        each_row!(M, |i| {
            store_row(sums[i], tile.c.add(i * c_row), last);
        });
    }
}

// The work of a tile on a row, whose last vector is partial. Written once for the rows that `each_row` repeats.

/// # Safety
/// The lanes of the row can be read, and the machine has the instructions of `V`.
#[inline(always)]
unsafe fn load_row<V: Vector, const N: usize>(from: *const V::Element, last: V::Mask) -> [V; N] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut row = [V::zero(); N];
        for j in 0..N - 1 {
            row[j] = V::load(from.add(j * V::LEN));
        }
        row[N - 1] = V::load_first(from.add((N - 1) * V::LEN), last);
        row
    }
}

/// # Safety
/// The lanes of the row can be written, and the machine has the instructions of `V`.
#[inline(always)]
unsafe fn store_row<V: Vector, const N: usize>(row: [V; N], to: *mut V::Element, last: V::Mask) {
    // SAFETY: the caller's promise.
    unsafe {
        for j in 0..N - 1 {
            row[j].store(to.add(j * V::LEN));
        }
        row[N - 1].store_first(to.add((N - 1) * V::LEN), last);
    }
}

/// # Safety
/// The machine has the instructions of `V`.
#[inline(always)]
unsafe fn fused_row<V: Vector, const N: usize>(mut sums: [V; N], x: V, row: [V; N]) -> [V; N] {
    for j in 0..N {
        // SAFETY: the caller's promise.
        sums[j] = unsafe { sums[j].fused(x, row[j]) };
    }
    sums
}

/// # Safety
/// The machine has the instructions of `V`.
#[inline(always)]
unsafe fn add_row<V: Vector, const N: usize>(mut sums: [V; N], row: [V; N]) -> [V; N] {
    for j in 0..N {
        // SAFETY: the caller's promise.
        sums[j] = unsafe { sums[j].add(row[j]) };
    }
    sums
}

/// The dot products of `M` rows of `k` contiguous elements with 4 others, of which `R` are valid.
///
/// Each is `W` vectors of partial sums, which are added in halves. `W * LEN` is the same at all levels, so that the
/// bits are.
///
/// # Safety
/// The machine has the instructions of `V`. `M` rows from `x` on, `x_row` elements apart, and `R` from `y` on, `y_row`
/// elements apart, are valid for reads of `k` elements.
#[inline(always)]
pub(super) unsafe fn dots<V: Vector, const W: usize, const M: usize, const R: usize>(
    k: usize,
    (x, x_row): (*const V::Element, usize),
    (y, y_row): (*const V::Element, usize),
) -> [[V::Element; 4]; M] {
    // SAFETY: the vectors of each pass lie within the `k` elements of a row; the mask selects what is left of the last.
    unsafe {
        let mut sums = [[[V::zero(); W]; R]; M];
        let mut at = 0;
        while at + W * V::LEN <= k {
            for w in 0..W {
                let from = at + w * V::LEN;
                let mut columns = [V::zero(); R];
                for r in 0..R {
                    columns[r] = V::load(y.add(r * y_row + from));
                }
                for m in 0..M {
                    let x = V::load(x.add(m * x_row + from));
                    for r in 0..R {
                        sums[m][r][w] = sums[m][r][w].fused(x, columns[r]);
                    }
                }
            }
            at += W * V::LEN;
        }
        for w in 0..W {
            let from = at + w * V::LEN;
            let left = k.saturating_sub(from).min(V::LEN);
            if left > 0 {
                let mask = V::first(left);
                for m in 0..M {
                    let x = V::load_first(x.add(m * x_row + from), mask);
                    for r in 0..R {
                        let y = V::load_first(y.add(r * y_row + from), mask);
                        sums[m][r][w] = sums[m][r][w].fused(x, y);
                    }
                }
            }
        }
        let mut out = [[V::Element::default(); 4]; M];
        for m in 0..M {
            let mut rows = [V::zero(); 4];
            for r in 0..R {
                let mut half = W / 2;
                while half > 0 {
                    for w in 0..half {
                        sums[m][r][w] = sums[m][r][w].add(sums[m][r][w + half]);
                    }
                    half /= 2;
                }
                rows[r] = sums[m][r][0];
            }
            out[m] = V::sums(rows);
        }
        out
    }
}

/// Transposes a matrix of `rows` x `columns` whose columns are contiguous and `apart` elements from one to the next, to
/// contiguous rows: `to[r * to_row + c] = from[c * apart + r]`.
///
/// # Safety
/// The machine has the instructions of `V`; both matrices are valid for these sizes, and do not overlap.
#[inline(always)]
pub(super) unsafe fn transpose<V: Vector>(
    [rows, columns]: [usize; 2],
    (from, apart): (*const V::Element, usize),
    (to, to_row): (*mut V::Element, usize),
) {
    /// How many lines of a column before it is read a line is fetched.
    const AHEAD: usize = 4;
    let line = 64 / size_of::<V::Element>();
    // The rows or columns of whole blocks, and how many more a block covers that overlaps the last one: none if few are left.
    let blocks = |size: usize| {
        let left = size % V::SIDE;
        (size - left, if size >= V::SIDE && 4 * left > V::SIDE { left } else { 0 })
    };
    let ((whole_rows, more_rows), (whole_columns, more_columns)) = (blocks(rows), blocks(columns));
    let (block_rows, block_columns) = (whole_rows + more_rows, whole_columns + more_columns);
    let last = |more: usize| if more > 0 { V::SIDE } else { 0 };
    let (right, below) = (block_columns.wrapping_sub(V::SIDE), block_rows.wrapping_sub(V::SIDE));
    let parts = [
        ([0, 0], [whole_rows, whole_columns]),
        ([0, right], [whole_rows, last(more_columns)]),
        ([below, 0], [last(more_rows), whole_columns]),
        ([below, right], [last(more_rows), last(more_columns)]),
    ];
    // SAFETY: the blocks of each part are whole and inside, and pointers of parts without blocks are not used; what is left of
    // the columns, and then of the rows, is narrower than a block.
    unsafe {
        for ([row, column], [rows, columns]) in parts {
            let from = from.wrapping_add(column.wrapping_mul(apart).wrapping_add(row));
            let to = to.wrapping_add(row.wrapping_mul(to_row).wrapping_add(column));
            // Whole lines of the cache are read at once: columns at a distance that is a power of 2 push each other out.
            for first in (0..rows).step_by(line) {
                let end = rows.min(first + line);
                for c in (0..columns).step_by(V::SIDE) {
                    // The line that is read after AHEAD lines: of this column, or of the next one that is transposed.
                    let ahead = first + AHEAD * line;
                    let (column, row) = if ahead < rows { (c, ahead) } else { (c + columns, ahead - rows) };
                    for i in 0..V::SIDE {
                        fetch(from.wrapping_add((column + i) * apart + row));
                    }
                    for r in (first..end).step_by(V::SIDE) {
                        V::transpose(from.add(c * apart + r), apart, to.add(r * to_row + c), to_row);
                    }
                }
            }
        }
        if block_rows > 0 && block_columns < columns {
            let (from, to) = (from.add(block_columns * apart), to.add(block_columns));
            V::transpose_narrow([block_rows, columns - block_columns], (from, apart), (to, to_row));
        }
        if block_rows < rows {
            let (from, to) = (from.add(block_rows), to.add(block_rows * to_row));
            V::transpose_narrow([rows - block_rows, columns], (from, apart), (to, to_row));
        }
    }
}

/// [`transpose`] of a few rows or columns.
///
/// # Safety
/// As [`transpose`].
#[inline(always)]
pub(super) unsafe fn transpose_elements<E: Copy>(
    [rows, columns]: [usize; 2],
    (from, apart): (*const E, usize),
    (to, to_row): (*mut E, usize),
) {
    // SAFETY: both matrices are valid for these sizes.
    let copy = |r: usize, c: usize| unsafe { *to.add(r * to_row + c) = *from.add(c * apart + r) };
    // The inner loop is along the longer side, in pieces whose lines stay in the first level.
    const PIECE: usize = 128;
    if rows < columns {
        for first in (0..columns).step_by(PIECE) {
            (0..rows).for_each(|r| (first..columns.min(first + PIECE)).for_each(|c| copy(r, c)));
        }
    } else {
        for first in (0..rows).step_by(PIECE) {
            (0..columns).for_each(|c| (first..rows.min(first + PIECE)).for_each(|r| copy(r, c)));
        }
    }
}
