//! Loops over vectors: element i of the output is f of element i of each operand, where operands may repeat.
//!
//! A function has one loop for each level and element type. A number is an operand of stride 0. Repetitions of a short
//! operand are written side by side first, so that no loop is shorter than [`TILE`] / 2 elements. Large outputs are cut
//! into parts for threads, by sizes only.
//!
//! Floor: one vector operation of each kind, and the bytes of operands and output.

use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::simd::{Kernel, MOST_LANES, Simd, Vector, dispatch};
use crate::kernel::threads;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;

/// A function of N vectors, lane by lane.
pub(crate) trait Function<E: Coefficients, const N: usize>: Copy + Send + Sync {
    /// Whether it has many instructions.
    const LONG: bool;
    /// The function of each lane. Must be `#[inline(always)]`.
    fn of<V: Vector<E>>(self, x: [V; N]) -> V;
}

/// Where element i of an operand comes from.
#[derive(Clone, Copy)]
pub(crate) enum Operand<'a, E> {
    /// From the output, which is overwritten.
    Output,
    /// A number.
    Scalar(E),
    /// A slice, which repeats if it is shorter than the output.
    Slice(&'a [E]),
    /// A number for each row, [`MOST_LANES`] times, or [`COLUMN_LANES`] for functions that are not long; for [`exact`].
    Column(&'a [E]),
}

/// At least as many lanes as one vector has.
pub(super) const COLUMN_LANES: usize = 16;
/// The length up to which the repetitions of a short operand are written side by side.
const TILE: usize = 256;
/// The elements of a part, where an operation is cut into parts.
const PART: usize = 32 * 1024;
/// The elements from which on it is: 20 us and more of functions that are computed. benches/README.md has the times.
pub(super) const LARGE: usize = 4 * PART;
/// The same for a single instruction, which is as fast as memory: 34 us of additions.
pub(super) const LARGE_IF_LIGHT: usize = 8 * PART;

/// The address of element (row, column) is `start + row · step + (column & columns)`.
struct Source<E> {
    start: *const E,
    step: usize,
    columns: usize,
}

impl<E> Clone for Source<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Source<E> {}

/// An output as rows of `period` elements, and the operands.
///
/// Invariant: for each row below `rows` and column below `period`, `to + row · period + column` can be written, by one
/// thread at a time, and the address of each source can be read; with `columns` = 0, `step` elements from there, or
/// [`MOST_LANES`] if it is 0. Sources are not written while the plan lives, except that one may have the addresses of the output.
pub(super) struct Plan<'a, E, const N: usize> {
    to: *mut E,
    rows: usize,
    period: usize,
    from: [Source<E>; N],
    borrowed: PhantomData<&'a mut [E]>,
}

// SAFETY: threads write disjoint parts of the output (see `run`), and elements are `Send` and `Sync`.
unsafe impl<E: Send + Sync, const N: usize> Sync for Plan<'_, E, N> {}

/// Cuts `out` and the operands into one or two plans, and runs `f` with each.
pub(super) fn plan<E: Coefficients, const N: usize>(
    out: &mut [E],
    operands: [Operand<'_, E>; N],
    f: &dyn Fn(Plan<'_, E, N>),
) {
    let n = out.len();
    let mut period = n;
    for operand in operands {
        if let Operand::Slice(x) = operand {
            period = period.min(x.len());
        }
        assert!(!matches!(operand, Operand::Column(_)), "the rows of a column are given");
    }
    if n == 0 {
        return;
    }
    assert!(
        period > 0 && n.is_multiple_of(period),
        "the length of an operand divides the length of the output"
    );
    if period == n || period > TILE / 2 {
        return exact(out, operands, period, f);
    }
    let tile = period * (TILE / period).min(n / period);
    let mut tiles = [[E::ZERO; TILE]; N];
    for (operand, tile) in operands.iter().zip(&mut tiles) {
        if let Operand::Slice(x) = operand
            && x.len() == period
        {
            tile.chunks_exact_mut(period).for_each(|part| part.copy_from_slice(x));
        }
    }
    let (out, rest) = out.split_at_mut(n - n % tile);
    let (mut whole, mut last) = (operands, operands);
    for ((whole, last), repeated) in whole.iter_mut().zip(&mut last).zip(&tiles) {
        if let Operand::Slice(x) = *whole {
            let short = x.len() == period;
            *whole = Operand::Slice(if short { &repeated[..tile] } else { &x[..out.len()] });
            *last = Operand::Slice(if short { &repeated[..rest.len()] } else { &x[out.len()..] });
        }
    }
    exact(out, whole, tile, f);
    if !rest.is_empty() {
        let len = rest.len();
        exact(rest, last, len, f);
    }
}

/// Runs `f` with a plan of rows of `period` elements, of which there is one or more; the slices have one row, or all.
pub(super) fn exact<E: Coefficients, const N: usize>(
    out: &mut [E],
    operands: [Operand<'_, E>; N],
    period: usize,
    f: &dyn Fn(Plan<'_, E, N>),
) {
    let (n, to) = (out.len(), out.as_mut_ptr());
    assert!(n.is_multiple_of(period));
    let mut numbers = [[E::ZERO; MOST_LANES]; N];
    let mut from = [Source { start: to.cast_const(), step: period, columns: usize::MAX }; N];
    for ((operand, from), number) in operands.into_iter().zip(&mut from).zip(&mut numbers) {
        match operand {
            Operand::Output => {}
            Operand::Scalar(x) => {
                number.fill(x);
                *from = Source { start: number.as_ptr(), step: 0, columns: 0 };
            }
            Operand::Slice(x) => {
                assert!(x.len() == n || x.len() == period, "an operand has one row, or all");
                let step = if x.len() == n { period } else { 0 };
                *from = Source { start: x.as_ptr(), step, columns: usize::MAX };
            }
            Operand::Column(x) => {
                let times = x.len() / (n / period).max(1);
                assert!(times >= COLUMN_LANES && x.len() == n / period * times, "a number for each row");
                *from = Source { start: x.as_ptr(), step: times, columns: 0 };
            }
        }
    }
    // The invariant: `out` has n = rows · period elements and is borrowed; a slice has as many, or `period` and step 0
    // between rows; `numbers` outlives the call and has MOST_LANES elements; a column has `times` for each row.
    f(Plan { to, rows: n / period, period, from, borrowed: PhantomData });
}

impl<E: Coefficients, const N: usize> Plan<'_, E, N> {
    /// Computes `f` of the operands, on all threads from `large` elements on.
    pub(super) fn run<F: Function<E, N>>(self, large: usize, f: F) {
        let short = |from: &Source<E>| from.columns == 0 && from.step > 0 && from.step < MOST_LANES;
        assert!(!(F::LONG && self.from.iter().any(short)), "a column has the lanes of several vectors");
        self.in_parts(large, &|plan, rows, columns| dispatch(Part { plan, rows, columns, f }));
    }

    /// Runs `f` with all rows and columns, or in parts on all threads from `large` elements on. Compiled once for all functions.
    #[inline(never)]
    fn in_parts(self, large: usize, f: &Loop<'_, E, N>) {
        let Plan { rows, period, .. } = self;
        if !threads::is_worth_parts(rows * period, large) {
            return f(&self, 0..rows, 0..period);
        }
        let part = threads::part_size(rows * period, PART);
        let columns = period.min(part);
        let height = (part / period).max(1);
        let across = period.div_ceil(columns);
        let plan = &self;
        // Parts differ in their rows or in their columns.
        threads::run(rows.div_ceil(height) * across, &|part| {
            let (row, column) = (part / across * height, part % across * columns);
            f(plan, row..rows.min(row + height), column..period.min(column + columns));
        });
    }
}

/// A loop over some rows and columns of a plan.
type Loop<'f, E, const N: usize> = dyn Fn(&Plan<'_, E, N>, Range<usize>, Range<usize>) + Sync + 'f;

impl<E: Coefficients> Plan<'_, E, 1> {
    /// Computes a function of slices, which is told whether they are one: `between` of others, or `in_place`.
    pub(super) fn run_slices(
        self,
        between: impl Fn(&[E], &mut [E]) + Sync,
        in_place: impl Fn(&mut [E]) + Sync,
    ) {
        let n = self.rows * self.period;
        let [from] = self.from;
        assert!(self.rows == 1 && from.columns != 0, "a slice of the length of the output");
        let len = if threads::is_worth_parts(n, LARGE) { threads::part_size(n, PART) } else { n };
        let plan = &self;
        threads::run(n.div_ceil(len), &|part| {
            let start = part * len;
            let len = len.min(n - start);
            // SAFETY: by the invariant, `len` elements from `start` on can be written, and parts are disjoint.
            let out = unsafe { std::slice::from_raw_parts_mut(plan.to.add(start), len) };
            let [from] = plan.from;
            if std::ptr::eq(from.start, plan.to) {
                return in_place(out);
            }
            // SAFETY: as many can be read, and since they are not those of the output, nothing writes them.
            between(unsafe { std::slice::from_raw_parts(from.start.add(start), len) }, out);
        });
    }
}

/// Some rows and columns of a plan, within its bounds.
struct Part<'a, 'b, E, F, const N: usize> {
    plan: &'a Plan<'b, E, N>,
    rows: Range<usize>,
    columns: Range<usize>,
    f: F,
}

impl<E: Coefficients, F: Function<E, N>, const N: usize> Kernel for Part<'_, '_, E, F, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        if F::LONG {
            self.in_vectors::<E::Long<S>>();
        } else {
            self.in_vectors::<E::V<S>>();
        }
    }
}

impl<E: Coefficients, F: Function<E, N>, const N: usize> Part<'_, '_, E, F, N> {
    /// Computes whole vectors, and then, through buffers, the last elements of each row.
    #[inline(always)]
    fn in_vectors<V: Vector<E>>(self) {
        assert!(V::LANES <= if F::LONG { MOST_LANES } else { COLUMN_LANES }, "the lanes of numbers");
        let Part { plan, rows, columns, f } = self;
        let Plan { to, period, from, .. } = *plan;
        let lanes = V::LANES;
        let rest = columns.len() % lanes;
        let mut inputs = [[MaybeUninit::<E>::uninit(); MOST_LANES]; N];
        let mut output = [MaybeUninit::<E>::uninit(); MOST_LANES];
        let output = output.as_mut_ptr().cast::<E>();
        for row in rows {
            let base = row * period;
            // Vector i of operand j is at at[j] + (i & steps[j]).
            let (mut at, mut steps) = ([to.cast_const(); N], [0; N]);
            let mut out = to.wrapping_add(base + columns.start);
            for j in 0..N {
                let from = &from[j];
                at[j] = from.start.wrapping_add(row * from.step + (columns.start & from.columns));
                steps[j] = from.columns;
            }
            let (mut i, mut end) = (0, columns.len() - rest);
            // The function is inlined into one loop only.
            loop {
                while i < end {
                    let mut x = [V::zero(); N];
                    // SAFETY: by the invariant of the plan, from `columns.start` on there are `columns.len()` elements of
                    // this row to write and to read, of which `end` are whole vectors; or, for a number, as many as a
                    // vector has, which `run` and the assertion above ensure. In the second pass there is one vector of
                    // each buffer.
                    unsafe {
                        for j in 0..N {
                            x[j] = V::load_ptr(at[j].add(i & steps[j]));
                        }
                        f.of(x).store_ptr(out.add(i));
                    }
                    i += lanes;
                }
                if rest == 0 || out == output {
                    break;
                }
                for j in 0..N {
                    let input = inputs[j].as_mut_ptr().cast();
                    // SAFETY: as above, with `rest` elements after the whole vectors; for a number there are more. A buffer has
                    // room for a vector.
                    unsafe { V::load_first(at[j].add(i & steps[j]), rest, E::ZERO).store_ptr(input) };
                    at[j] = input.cast_const();
                }
                (out, i, end) = (output, 0, lanes);
            }
            if rest > 0 {
                let last = to.wrapping_add(base + columns.end - rest);
                // SAFETY: the last `rest` elements of this part of the row, and the buffer, of which a vector has been written.
                unsafe { V::load_ptr(output).store_first(last, rest) };
            }
        }
    }
}

/// A table of functions of N numbers: an enum of their names, and a function that runs the loop of one.
///
/// ```text
/// functions! { Map<E>, map, 1, LARGE;
///     Sign => |x| ..;
///     Clamp(min: E, max: E) => |x| ..;
/// }
/// ```
/// In an expression, the operands and arguments are vectors `V` of elements `E`.
macro_rules! functions {
    ($(#[$doc:meta])* $Enum:ident $(<$E:ident>)?, $run:ident, $n:literal, $large:expr; $(
        $(#[$about:meta])* $name:ident $(($($arg:ident: $t:ty),+))? => |$($x:ident),+| $y:expr;
    )*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Debug)]
        #[allow(missing_docs, reason = "the names are those of the operations")]
        pub enum $Enum $(<$E>)? {
            $($(#[$about])* $name $(($($t),+))?,)*
        }

        /// Computes a function of the operands of a plan.
        pub(in crate::kernel::elementwise) fn $run<E: Coefficients>(function: $Enum $(<$E>)?, plan: Plan<'_, E, $n>) {
            match function {
                $($Enum::$name $(($($arg),+))? => {
                    #[derive(Clone, Copy)]
                    struct Chosen<E> {
                        $($($arg: $t,)+)?
                        element: std::marker::PhantomData<E>,
                    }
                    impl<E: Coefficients> Function<E, $n> for Chosen<E> {
                        const LONG: bool = $large == crate::kernel::elementwise::vectors::LARGE;
                        #[inline(always)]
                        fn of<V: Vector<E>>(self, [$($x),+]: [V; $n]) -> V {
                            $($(let $arg = V::splat(self.$arg);)+)?
                            $y
                        }
                    }
                    plan.run($large, Chosen { $($($arg,)+)? element: std::marker::PhantomData });
                })*
            }
        }
    };
}
pub(super) use functions;
