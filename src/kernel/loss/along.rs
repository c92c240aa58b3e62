//! Losses of two or three tensors along an axis: a value for each position, and the local gradients of the lanes there.
//!
//! Lanes of the last axis are read where they lie. On another axis a few neighbors are gathered at a time. A row of lanes is
//! read once for its sums and once, in L1, for its gradients, which may replace it.
//!
//! Floor: the bytes of the operands and of the gradients.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use super::Reduce;
use super::cosine::Cosine;
use super::triplet::Triplet;
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes::{PARALLEL, PART, gathered};
use crate::kernel::gemm::transpose;
use crate::kernel::math::Coefficients;
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};
use crate::kernel::threads;
use crate::storage::Storage;
use std::marker::PhantomData;

/// The numbers of a row that its gradients are computed with.
pub(super) type Factors<V> = [V; 6];

/// A loss of N lanes.
pub(super) trait LaneLoss<E: Coefficients, const N: usize>: Copy + Sync {
    /// The value of the lanes of this row and the factors of its gradients, which are to be multiplied by `scale`; or nothing
    /// if [`carefully`](Self::carefully) has to compute them. Must be `#[inline(always)]`.
    fn value<S: Simd>(self, row: usize, lanes: [&[E]; N], scale: E) -> Option<(E, Factors<E>)>;
    /// The gradients. Must be `#[inline(always)]`.
    fn gradients<V: Vector<E>>(factors: Factors<V>, lanes: [V; N]) -> [V; N];
    /// The value, whatever the elements are; the gradients, not yet multiplied by a scale, replace the lanes.
    fn carefully(self, row: usize, lanes: &mut [Vec<E>; N]) -> E;
}

/// Losses along lanes of a type, compiled in this crate.
pub trait LaneLosses: Sized {
    /// Computes the cosines of a job, or the losses of them.
    #[doc(hidden)]
    fn cosines(loss: Cosine<'_, Self>, job: &Job<'_, Self, 2>);
    /// Computes the triplet losses of a job.
    #[doc(hidden)]
    fn triplets(loss: Triplet<Self>, job: &Job<'_, Self, 3>);
}

macro_rules! lane_losses {
    ($($t:ty),*) => { $(
        impl LaneLosses for $t {
            fn cosines(loss: Cosine<'_, $t>, job: &Job<'_, $t, 2>) {
                run(loss, job);
            }
            fn triplets(loss: Triplet<$t>, job: &Job<'_, $t, 3>) {
                run(loss, job);
            }
        }
    )* };
}
lane_losses!(f32, f64);

/// The operands and the results of a loss along an axis.
///
/// Invariant: as many elements as the axis has positions, times its size, can be read from each pointer of `from` and written to
/// each of `to` that is not null; a value to `values` for each position. Of these addresses only those of an operand and of its
/// own gradient may be the same, and only on the last axis.
pub struct Job<'a, E, const N: usize> {
    along: AxisLayout,
    /// How many positions count, the first ones.
    real: usize,
    from: [*const E; N],
    to: [*mut E; N],
    values: *mut E,
    scale: E,
    borrowed: PhantomData<&'a mut [E]>,
}

// SAFETY: threads compute disjoint positions (see `run`), and elements are `Send` and `Sync`.
unsafe impl<E: Send + Sync, const N: usize> Sync for Job<'_, E, N> {}

/// Some rows of lanes, one after another in memory.
///
/// Invariant: as for [`Job`], for `rows` lanes of `size` elements.
struct Block<E, L, const N: usize> {
    loss: L,
    /// The number of the first row.
    first: usize,
    rows: usize,
    size: usize,
    from: [*const E; N],
    to: [*mut E; N],
    values: *mut E,
    scale: E,
}

impl<E: Coefficients, L: LaneLoss<E, N>, const N: usize> Kernel for Block<E, L, N> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Block { loss, first, rows, size, from, to, values, scale } = self;
        let needs_grad = to.iter().any(|to| !to.is_null());
        for row in 0..rows {
            let mut lanes: [&[E]; N] = [&[]; N];
            for k in 0..N {
                // SAFETY: by the invariant there are `rows` lanes of `size` elements; nothing is written while `lanes` lives.
                lanes[k] = unsafe { std::slice::from_raw_parts(from[k].add(row * size), size) };
            }
            let value = match loss.value::<S>(first + row, lanes, scale) {
                Some((value, factors)) => {
                    if needs_grad {
                        let mut of_row = Gradients::<E, N> { size, from, to };
                        for k in 0..N {
                            of_row.from[k] = from[k].wrapping_add(row * size);
                            of_row.to[k] =
                                if to[k].is_null() { to[k] } else { to[k].wrapping_add(row * size) };
                        }
                        of_row.write::<S, L>(factors);
                    }
                    value
                }
                None => {
                    let copies = lanes.map(<[E]>::to_vec);
                    carefully(loss, first + row, copies, to, row * size, scale)
                }
            };
            // SAFETY: by the invariant there is a value for each row.
            unsafe { *values.add(row) = value };
        }
    }
}

/// The lanes of a row, and where the gradients go that are needed.
///
/// Invariant: `size` elements can be read from each of `from` and written to each of `to` that is not null, which may be the
/// same as its own of `from`.
struct Gradients<E, const N: usize> {
    size: usize,
    from: [*const E; N],
    to: [*mut E; N],
}

impl<E: Coefficients, const N: usize> Gradients<E, N> {
    #[inline(always)]
    fn write<S: Simd, L: LaneLoss<E, N>>(self, factors: Factors<E>) {
        let Gradients { size, from, to } = self;
        let lanes = E::V::<S>::LANES;
        let mut of = [E::V::<S>::zero(); 6];
        for i in 0..of.len() {
            of[i] = E::V::<S>::splat(factors[i]);
        }
        // One loop for whole and partial vectors, since the gradients are inlined into it.
        for at in (0..size).step_by(lanes) {
            let n = lanes.min(size - at);
            let mut x = [E::V::<S>::zero(); N];
            // SAFETY: by the invariant, `n` elements from `at` on, which is below the size; all of a vector or the rest.
            unsafe {
                for k in 0..N {
                    let from = from[k].add(at);
                    x[k] = if n == lanes {
                        E::V::<S>::load_ptr(from)
                    } else {
                        E::V::<S>::load_first(from, n, E::ZERO)
                    };
                }
                let gradients = L::gradients(of, x);
                for k in 0..N {
                    if !to[k].is_null() {
                        let to = to[k].add(at);
                        if n == lanes { gradients[k].store_ptr(to) } else { gradients[k].store_first(to, n) }
                    }
                }
            }
        }
    }
}

/// The value of a row whose sums leave the range, by way of copies; the gradients go to `at` of `to`.
#[cold]
#[inline(never)]
fn carefully<E: Coefficients, const N: usize>(
    loss: impl LaneLoss<E, N>,
    row: usize,
    mut copies: [Vec<E>; N],
    to: [*mut E; N],
    at: usize,
    scale: E,
) -> E {
    let value = loss.carefully(row, &mut copies);
    for (copy, to) in copies.iter_mut().zip(to).filter(|(_, to)| !to.is_null()) {
        copy.iter_mut().for_each(|d| *d *= scale);
        // SAFETY: by the invariant of the block a lane can be written there, to which no reference lives.
        unsafe { to.add(at).copy_from_nonoverlapping(copy.as_ptr(), copy.len()) };
    }
    value
}

/// Computes all positions of a job that count, on all threads if there are many.
fn run<E: Coefficients, const N: usize>(loss: impl LaneLoss<E, N>, job: &Job<'_, E, N>) {
    let AxisLayout { size, inner, .. } = job.along;
    let large = job.real * size * N >= PARALLEL;
    if inner == 1 {
        let part = if large { (PART / size.max(1)).max(1) } else { job.real.max(1) };
        threads::run(job.real.div_ceil(part), &|i| {
            let first = i * part;
            let rows = part.min(job.real - first);
            let at = first * size;
            // The invariant of the block: these rows, which belong to this part, are contiguous.
            dispatch(Block {
                loss,
                first,
                rows,
                size,
                from: job.from.map(|from| from.wrapping_add(at)),
                to: job.to.map(|to| if to.is_null() { to } else { to.wrapping_add(at) }),
                values: job.values.wrapping_add(first),
                scale: job.scale,
            });
        });
        return;
    }
    let columns = gathered::<E>(size.max(1)).min(inner);
    let across = inner.div_ceil(columns);
    let groups = job.real.div_ceil(inner) * across;
    let part = if large { (PART / (columns * size.max(1))).max(1) } else { groups.max(1) };
    threads::run(groups.div_ceil(part), &|i| {
        let mut memory = Storage::unspecified(N * columns * size);
        let lanes = memory.make_mut();
        for group in i * part..groups.min((i + 1) * part) {
            let (outer, column) = (group / across, group % across * columns);
            let first = outer * inner + column;
            let rows = columns.min(inner - column).min(job.real.saturating_sub(first));
            if rows > 0 {
                gathered_rows(loss, job, (first, rows), outer * size * inner + column, lanes);
            }
        }
    });
}

/// Computes some neighboring positions of a job, whose lanes begin at `at` and lie across rows of memory.
fn gathered_rows<E: Coefficients, const N: usize>(
    loss: impl LaneLoss<E, N>,
    job: &Job<'_, E, N>,
    (first, rows): (usize, usize),
    at: usize,
    memory: &mut [E],
) {
    let AxisLayout { size, inner, .. } = job.along;
    // The elements from the first one of the first lane to the last one of the last lane.
    let span = if size == 0 { 0 } else { (size - 1) * inner + rows };
    let (mut from, mut to) = ([std::ptr::null(); N], [std::ptr::null_mut(); N]);
    for (k, lanes) in memory[..N * rows * size].chunks_exact_mut((rows * size).max(1)).enumerate() {
        // SAFETY: by the invariant of the job; as the axis is not the last one, nothing writes the operands.
        let x = unsafe { std::slice::from_raw_parts(job.from[k].add(at), span) };
        transpose([rows, size], (x, inner), (lanes, size));
        (from[k], to[k]) = (lanes.as_ptr(), if job.to[k].is_null() { job.to[k] } else { lanes.as_mut_ptr() });
    }
    let values = job.values.wrapping_add(first);
    dispatch(Block { loss, first, rows, size, from, to, values, scale: job.scale });
    for (k, lanes) in memory[..N * rows * size].chunks_exact((rows * size).max(1)).enumerate() {
        if job.to[k].is_null() {
            continue;
        }
        for s in 0..size {
            for row in 0..rows {
                // SAFETY: by the invariant of the job; this place belongs to this part.
                unsafe { *job.to[k].add(at + s * inner + row) = lanes[row * size + s] };
            }
        }
    }
}

/// The reduced values of a loss for each position along an axis that counts; and the gradients that are needed: then in the memory of
/// the operand if nothing else holds it. `compute` runs the job.
pub(crate) fn lanes<E: Float, const N: usize>(
    mut operands: [Storage<E>; N],
    along: AxisLayout,
    needs_grad: [bool; N],
    reduce: Reduce,
    compute: impl FnOnce(&Job<'_, E, N>),
) -> (Storage<E>, [Option<Storage<E>>; N]) {
    let AxisLayout { outer, size, inner } = along;
    let places = outer * inner;
    let real = reduce.rows.part(places);
    let mut from = [std::ptr::null(); N];
    let mut to = [std::ptr::null_mut(); N];
    let mut gradients = [const { None }; N];
    for (i, operand) in operands.iter_mut().enumerate() {
        assert_eq!(operand.len(), places * size, "operands of one shape");
        from[i] = operand.as_ptr();
        if needs_grad[i] {
            let own = inner == 1 && operand.unique().is_some();
            let mut gradient = if own {
                std::mem::replace(operand, Storage::empty())
            } else {
                Storage::unspecified(places * size)
            };
            let elements = gradient.make_mut();
            elements[real * size..].fill(E::zero());
            to[i] = elements.as_mut_ptr();
            if own {
                from[i] = to[i].cast_const();
            }
            gradients[i] = Some(gradient);
        }
    }
    let mut values = Storage::filled(places, E::zero());
    // The invariant: operands, gradients and values have as many elements, live until the end of this function, and are not used
    // before. A gradient has the memory of its operand, on the last axis, or its own.
    compute(&Job {
        along,
        real,
        from,
        to,
        values: values.make_mut().as_mut_ptr(),
        scale: reduce.scale(),
        borrowed: PhantomData,
    });
    drop(operands);
    (reduce.of_lanes(values), gradients)
}
