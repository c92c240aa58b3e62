//! Sums of slices, of lanes and of rows, with the instruction set of the machine.
//!
//! No term is added to a long sum: a slice is summed in leaves, and these pairwise (see `simd::row`); rows are added 32 at
//! a time, and the sums of 32 such sums again. Threads share the columns or fixed blocks of rows, so bits depend
//! neither on their number nor on the number of lanes of a vector. Bounds: docs/accuracy.md.
//!
//! Floor: one load and one addition for a vector.

use super::add_exactly::AddExactly;
use super::scan_lanes::along;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::simd::{Kernel, MOST, Simd, SimdFloat, Vector, dispatch, sum};
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// From so many elements on a sum is shared by threads.
const PARALLEL: usize = 1 << 19;

/// The elements of a part, which one thread sums: a power of 2 times a leaf, so that blocks are nodes of the pairwise sum.
const PART: usize = 1 << 16;

/// The number of rows that are added in sequence, and of sums likewise.
const RUN: usize = 32;

/// Up to so many terms a call costs more than it saves.
const SCALAR: usize = 8;

/// The sums of an element type, compiled in this crate.
pub trait Sums: Sized {
    /// Σ x.
    #[doc(hidden)]
    fn total(x: &[Self]) -> Self;
    /// The sum of each lane of `size` elements, as many as `out` has.
    #[doc(hidden)]
    fn sum_lanes(x: &[Self], size: usize, out: &mut [Self]);
    /// The sum of the rows of `x`, each as long as `out`.
    #[doc(hidden)]
    fn sum_rows(x: &[Self], out: &mut [Self]);
    /// The sums of each element of a lane of `size` elements and those before it, or, reversed, those after it.
    #[doc(hidden)]
    fn running_sums(lanes: &mut [Self], size: usize, reversed: bool);
    /// Adds the terms to sums in twice the precision, whose lower halves are `errors`. For sums whose terms come in no
    /// order.
    #[doc(hidden)]
    fn accumulate_exactly(sums: &mut [Self], errors: &mut [Self], terms: &[Self]);
}

macro_rules! float {
    ($t:ident, $running:ident) => {
        impl Sums for $t {
            fn total(x: &[Self]) -> Self {
                total(x)
            }
            fn sum_lanes(x: &[Self], size: usize, out: &mut [Self]) {
                dispatch(SumLanes { x, size, out });
            }
            fn sum_rows(x: &[Self], out: &mut [Self]) {
                sum_rows(x, out);
            }
            fn running_sums(lanes: &mut [Self], size: usize, reversed: bool) {
                $running(lanes, size, reversed);
            }
            fn accumulate_exactly(sums: &mut [Self], errors: &mut [Self], terms: &[Self]) {
                let few = terms.len() < SCALAR;
                let sums = sums.iter_mut().zip(errors).zip(terms);
                if few {
                    return sums.for_each(|((sum, error), x)| x.add_to(sum, error));
                }
                at_level(
                    #[inline(always)]
                    || sums.for_each(|((sum, error), x)| x.add_to(sum, error)),
                );
            }
        }
    };
}
float!(f32, running_f32);
float!(f64, running_f64);

impl Sums for i64 {
    fn total(x: &[Self]) -> Self {
        x.iter().sum()
    }
    fn sum_lanes(x: &[Self], size: usize, out: &mut [Self]) {
        for (i, out) in out.iter_mut().enumerate() {
            *out = x[i * size..][..size].iter().sum();
        }
    }
    fn sum_rows(x: &[Self], out: &mut [Self]) {
        out.fill(0);
        for row in x.chunks_exact(out.len().max(1)) {
            out.iter_mut().zip(row).for_each(|(sum, x)| *sum += *x);
        }
    }
    fn running_sums(lanes: &mut [Self], size: usize, reversed: bool) {
        along(lanes, size, 0, reversed, |sum, x| {
            *sum += x;
            *sum
        });
    }
    fn accumulate_exactly(sums: &mut [Self], _: &mut [Self], terms: &[Self]) {
        sums.iter_mut().zip(terms).for_each(|(sum, x)| *sum += *x);
    }
}

/// Truth values hold no gradients and have no sums.
impl Sums for bool {
    fn total(_: &[Self]) -> Self {
        false
    }
    fn sum_lanes(_: &[Self], _: usize, out: &mut [Self]) {
        out.fill(false);
    }
    fn sum_rows(_: &[Self], out: &mut [Self]) {
        out.fill(false);
    }
    fn running_sums(_: &mut [Self], _: usize, _: bool) {}
    fn accumulate_exactly(_: &mut [Self], _: &mut [Self], _: &[Self]) {}
}

/// In `f64`, each rounded once.
fn running_f32(lanes: &mut [f32], size: usize, reversed: bool) {
    along(lanes, size, 0.0_f64, reversed, |sum, x| {
        *sum += f64::from(x);
        *sum as f32
    });
}

/// With the rounding errors in a sum of their own (Neumaier).
fn running_f64(lanes: &mut [f64], size: usize, reversed: bool) {
    along(lanes, size, [0.0_f64; 2], reversed, |[sum, errors], x| {
        let next = *sum + x;
        let of_x = next - *sum;
        let error = (*sum - (next - of_x)) + (x - of_x);
        // An infinite sum has no error.
        *errors += if error.is_finite() { error } else { 0.0 };
        *sum = next;
        *sum + *errors
    });
}

fn total<E: SimdFloat>(x: &[E]) -> E {
    if x.len() < PARALLEL {
        return dispatch(Total(x));
    }
    let mut blocks = Storage::unspecified(x.len().div_ceil(PART));
    for_each_chunk(blocks.make_mut(), 1, |i, out| {
        out[0] = dispatch(Total(&x[i * PART..x.len().min((i + 1) * PART)]));
    });
    total(&blocks)
}

struct Total<'a, E>(&'a [E]);

impl<E: SimdFloat> Kernel for Total<'_, E> {
    type Output = E;
    #[inline(always)]
    fn run<S: Simd>(self) -> E {
        sum::<S, E>(self.0)
    }
}

struct SumLanes<'a, E> {
    x: &'a [E],
    size: usize,
    out: &'a mut [E],
}

impl<E: SimdFloat> Kernel for SumLanes<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        // A loop without calls for the shortest lanes, bit-identical to the general one: terms half a vector apart are
        // added first, and then 0, as by the unused lanes there, so that a sum of -0 becomes 0.
        match self.size {
            2 => short::<E, 2>(
                self.x,
                self.out,
                #[inline(always)]
                |[a, b]| a + b,
            ),
            3 => short::<E, 3>(
                self.x,
                self.out,
                #[inline(always)]
                |[a, b, c]| (a + c) + b,
            ),
            4 => short::<E, 4>(
                self.x,
                self.out,
                #[inline(always)]
                |[a, b, c, d]| (a + c) + (b + d),
            ),
            size => {
                for (i, out) in self.out.iter_mut().enumerate() {
                    *out = sum::<S, E>(&self.x[i * size..][..size]);
                }
            }
        }
    }
}

/// The sum of each lane of N elements.
#[inline(always)]
fn short<E: SimdFloat, const N: usize>(x: &[E], out: &mut [E], sum: impl Fn([E; N]) -> E) {
    let (lanes, _) = x.as_chunks::<N>();
    out.iter_mut().zip(lanes).for_each(
        #[inline(always)]
        |(out, lane)| *out = sum(*lane) + E::ZERO,
    );
}

fn sum_rows<E: SimdFloat>(x: &[E], out: &mut [E]) {
    let width = out.len();
    if x.len() < PARALLEL || width == 0 {
        dispatch(SumRows { x, width, from: 0, out });
        return;
    }
    let rows = x.len() / width;
    if width >= 4 * E::BLOCK && x.len() / width < PART {
        let columns = (PART / rows).next_multiple_of(E::BLOCK).max(E::BLOCK);
        for_each_chunk(out, columns, |i, out| dispatch(SumRows { x, width, from: i * columns, out }));
        return;
    }
    let part = (PART / width).max(RUN) * width;
    let mut blocks = Storage::unspecified(x.len().div_ceil(part) * width);
    for_each_chunk(blocks.make_mut(), width, |i, out| {
        dispatch(SumRows { x: &x[i * part..x.len().min((i + 1) * part)], width, from: 0, out });
    });
    dispatch(SumRows { x: &blocks, width, from: 0, out });
}

/// The sums of the columns of rows of `width`, from column `from` on, as many as `out` has.
struct SumRows<'a, E> {
    x: &'a [E],
    width: usize,
    from: usize,
    out: &'a mut [E],
}

impl<E: SimdFloat> Kernel for SumRows<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let SumRows { x, width, from, out } = self;
        if 2 * width <= E::BLOCK && width > 0 {
            return narrow::<S, E>(x, out);
        }
        let lanes = E::V::<S>::LANES;
        for (i, out) in out.chunks_mut(E::BLOCK).enumerate() {
            let at = from + i * E::BLOCK;
            if out.len() == E::BLOCK {
                let sums = columns::<S, E>(x, width, |_, row, i| {
                    E::V::<S>::load(&row[at..at + E::BLOCK][i * lanes..])
                });
                for (i, out) in out.chunks_exact_mut(lanes).enumerate() {
                    sums[i].store(out);
                }
            } else {
                let end = at + out.len();
                let sums = columns::<S, E>(x, width, |_, row, i| {
                    E::V::<S>::load_partial(&row[(at + i * lanes).min(end)..end], E::ZERO)
                });
                for (i, out) in out.chunks_mut(lanes).enumerate() {
                    sums[i].store_partial(out);
                }
            }
        }
    }
}

/// Rows of which two or more fit into a block: as many as do are one row.
#[inline(always)]
fn narrow<S: Simd, E: SimdFloat>(x: &[E], out: &mut [E]) {
    let (width, lanes) = (out.len(), E::V::<S>::LANES);
    let mut count = E::BLOCK / width;
    let wide = count * width;
    let rest = x.len() % wide;
    let (body, rest) = x.split_at(x.len() - rest);
    let sums = columns::<S, E>(body, wide, |_, row, i| {
        E::V::<S>::load_partial(&row[(i * lanes).min(wide)..wide], E::ZERO)
    });
    let mut parts = [E::ZERO; 64];
    for i in 0..E::V::<S>::BLOCK {
        sums[i].store(&mut parts[i * lanes..]);
    }
    parts.iter_mut().zip(rest).for_each(|(sum, x)| *sum += *x);
    while count > 1 {
        let half = count / 2;
        for i in 0..half * width {
            parts[i] += parts[(count - half) * width + i];
        }
        count -= half;
    }
    out.copy_from_slice(&parts[..width]);
}

/// The sum of what `load` makes of each row, a block of vectors, from its number, its elements and the number of the vector.
#[inline(always)]
pub(in crate::kernel) fn columns<S: Simd, E: SimdFloat>(
    x: &[E],
    width: usize,
    load: impl Fn(usize, &[E], usize) -> E::V<S>,
) -> [E::V<S>; MOST] {
    let vectors = E::V::<S>::BLOCK;
    let zeros = [E::V::<S>::zero(); MOST];
    // The sums of RUN, RUN², RUN³ rows that are not yet part of a larger sum, and that of all others.
    let mut sums = [zeros; 4];
    for (run, rows) in x.chunks(RUN * width).enumerate() {
        let mut acc = zeros;
        for (at, row) in rows.chunks_exact(width).enumerate() {
            for (i, acc) in acc.iter_mut().enumerate().take(vectors) {
                *acc = *acc + load(run * RUN + at, row, i);
            }
        }
        let mut runs = run + 1;
        for level in 0..sums.len() {
            for i in 0..vectors {
                sums[level][i] = sums[level][i] + acc[i];
            }
            if level + 1 == sums.len() || !runs.is_multiple_of(RUN) {
                break;
            }
            runs /= RUN;
            acc = std::mem::replace(&mut sums[level], zeros);
        }
    }
    let [mut total, rest @ ..] = sums;
    for sum in rest {
        for i in 0..vectors {
            total[i] = total[i] + sum[i];
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;
    use crate::kernel::simd::{Level, with_level};

    /// Integers, so that every sum is exact.
    fn numbers(len: usize) -> Vec<f32> {
        (0..len).map(|i| (i * i % 31) as f32 - 15.0).collect()
    }

    #[test]
    fn the_shortest_lanes_have_the_bits_of_the_general_sum_at_each_level() {
        fn check<E: Element + num_traits::Float>(random: impl Fn(u64) -> E) {
            let mut state = 7_u64;
            let mut x: Vec<E> = Vec::new();
            for i in 0..1_200 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                x.push(if i < 60 { -E::zero() } else { random(state >> 20) });
            }
            for size in 1..=6 {
                for level in Level::ALL {
                    with_level(level, || {
                        let mut sums = vec![E::nan(); x.len() / size];
                        E::sum_lanes(&x, size, &mut sums);
                        for (sum, lane) in sums.iter().zip(x.chunks_exact(size)) {
                            let want = E::total(lane);
                            assert!(*sum == want && sum.is_sign_negative() == want.is_sign_negative());
                        }
                    });
                }
            }
        }
        check(|bits| (bits % 20_011) as f32 / 7.0 - 1_400.0);
        check(|bits| (bits % 20_011) as f64 / 7.0 - 1_400.0);
    }

    fn check(rows: usize, width: usize) {
        let x = numbers(rows * width);
        let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
        let want = Vec::from_iter((0..width).map(|c| x.iter().skip(c).step_by(width).sum::<f32>()));
        for level in Level::ALL {
            with_level(level, || {
                let (mut got, mut got_wide) = (vec![f32::NAN; width], vec![f64::NAN; width]);
                f32::sum_rows(&x, &mut got);
                f64::sum_rows(&wide, &mut got_wide);
                assert_eq!(got, want, "{rows} {width} {level}");
                assert!(got_wide.iter().zip(&want).all(|(got, want)| *got == f64::from(*want)));
            });
        }
        assert_eq!(f32::total(&x), x.iter().sum::<f32>());
        assert_eq!(f64::total(&wide), wide.iter().sum::<f64>());
        let mut lanes = vec![f32::NAN; width];
        f32::sum_lanes(&x, rows, &mut lanes);
        assert!(lanes.iter().enumerate().all(|(i, sum)| *sum == x[i * rows..][..rows].iter().sum::<f32>()));
    }

    #[test]
    fn sums_of_rows_and_of_lanes_agree_with_the_definition() {
        for rows in (0..70).chain([255, 1024, 1025]) {
            for width in [1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 200] {
                check(rows, width);
            }
        }
        // Enough elements for threads, which take columns or rows.
        check(1500, 401);
        check(300_001, 2);
        check(33, 20_000);
    }

    #[test]
    fn long_sums_of_equal_terms_keep_their_digits_and_bits_do_not_depend_on_threads_or_level() {
        const ROWS: usize = 1 << 20;
        let x = vec![0.1_f32; 2 * ROWS];
        let sum = |threads| {
            crate::set_num_threads(threads);
            let mut out = [0.0; 2];
            f32::sum_rows(&x, &mut out);
            let mut lane = x.clone();
            let len = lane.len();
            f32::running_sums(&mut lane, len, false);
            (out, f32::total(&x), lane[ROWS - 1])
        };
        let (out, total, running) = sum(1);
        assert_eq!(sum(3), (out, total, running));
        let want = 0.1_f32 as f64 * ROWS as f64;
        for (got, want) in [(out[0], want), (out[1], want), (total, 2.0 * want), (running, want)] {
            assert!((f64::from(got) - want).abs() < 1e-6 * want, "{got} {want}");
        }
        assert_eq!(with_level(Level::Avx2, || sum(1)), with_level(Level::Avx512, || sum(2)));
    }

    #[test]
    fn running_sums_of_doubles_and_scattered_sums_are_compensated() {
        let mut lane = [1.0, 1e100, 1.0, -1e100, 0.5];
        f64::running_sums(&mut lane, 5, false);
        assert_eq!(lane, [1.0, 1e100, 1e100, 2.0, 2.5]);
        let (mut sums, mut errors) = ([0.0, 0.0], [0.0, 0.0]);
        for terms in [[0.1_f32, 1.0], [f32::INFINITY, 1e10], [1.0, 1.0], [0.5, -1e10]] {
            f32::accumulate_exactly(&mut sums, &mut errors, &terms);
        }
        f32::accumulate(&mut sums, &errors);
        assert_eq!(sums, [f32::INFINITY, 2.0]);
        let mut lane = [1.0, f64::INFINITY, 1.0];
        f64::running_sums(&mut lane, 3, true);
        assert_eq!(lane, [f64::INFINITY, f64::INFINITY, 1.0]);
    }
}
