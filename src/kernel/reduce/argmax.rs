//! The largest or smallest element, and where it is. NaN beats everything, and the first of equals wins.

#![allow(clippy::needless_range_loop, reason = "loops over registers, which are unrolled")]

use super::reduce_over::{number, pull};
use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::pointwise::{at_level, map};
use crate::kernel::simd::{Kernel, Mask, Simd, SimdFloat, Vector, dispatch, max, min};
use crate::kernel::threads::for_each_chunk2;
use crate::storage::Storage;

/// Whether `x` is NaN, for any element type.
#[expect(clippy::eq_op, reason = "only NaN differs from itself")]
pub(crate) fn is_nan<E: Element>(x: E) -> bool {
    x != x
}

/// Which element is the best.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extremum {
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
}

impl Extremum {
    /// Whether a later `x` takes the place of the best so far.
    #[inline(always)]
    fn beats<E: Element>(self, x: E, best: E) -> bool {
        match self {
            Extremum::Largest => x > best || (is_nan(x) && !is_nan(best)),
            Extremum::Smallest => x < best || (is_nan(x) && !is_nan(best)),
        }
    }
}

/// The best elements and their indices, compiled in this crate. There is an index for each value.
pub trait ArgMax: Sized {
    /// The best of each lane of `size` elements, which is not 0.
    #[doc(hidden)]
    fn best_of_lanes(x: &[Self], size: usize, which: Extremum, best: (&mut [Self], &mut [i64]));
    /// The best of each column of rows of `width` elements, at least one, from column `from` on.
    #[doc(hidden)]
    fn best_of_columns(
        x: &[Self],
        width: usize,
        from: usize,
        which: Extremum,
        best: (&mut [Self], &mut [i64]),
    );
}

/// From so many elements on, threads share the work.
const PARALLEL: usize = 1 << 17;
/// The elements of a part.
const PART: usize = 1 << 15;

/// The best element along an axis that has one, and its index on the axis.
#[inline(never)]
pub(crate) fn best<E: Numeric>(x: &[E], along: AxisLayout, which: Extremum) -> (Storage<E>, Storage<i64>) {
    let AxisLayout { outer, size, inner } = along;
    let len = outer * inner;
    if len == 0 || size == 0 {
        return (Storage::filled(len, E::default()), Storage::filled(len, 0));
    }
    if len == 1 && size >= PARALLEL {
        return best_of_parts(x, which);
    }
    let (mut values, mut indices) = (Storage::unspecified(len), Storage::unspecified(len));
    let (v, i) = (values.make_mut(), indices.make_mut());
    // Lanes, columns of one matrix, or whole matrices.
    let part = match (outer, inner) {
        _ if x.len() < PARALLEL => len,
        (_, 1) => (PART / size).max(1),
        (1, _) => (PART / size).max(1).next_multiple_of(COLUMNS),
        _ => (PART / (size * inner)).max(1) * inner,
    };
    for_each_chunk2((v, part), (i, part), |at, values, indices| {
        let at = at * part;
        if inner == 1 {
            return E::best_of_lanes(&x[at * size..], size, which, (values, indices));
        }
        if outer == 1 {
            return E::best_of_columns(x, inner, at, which, (values, indices));
        }
        let matrices = x[at * size..].chunks_exact(size * inner);
        for ((values, indices), x) in values.chunks_mut(inner).zip(indices.chunks_mut(inner)).zip(matrices) {
            E::best_of_columns(x, inner, 0, which, (values, indices));
        }
    });
    (values, indices)
}

/// The best of many elements: of parts, and then of these. The first of equals is in the first part that has it.
fn best_of_parts<E: Numeric>(x: &[E], which: Extremum) -> (Storage<E>, Storage<i64>) {
    let parts = x.len().div_ceil(PART);
    let (mut values, mut indices) = (Storage::unspecified(parts), Storage::unspecified(parts));
    for_each_chunk2((values.make_mut(), 1), (indices.make_mut(), 1), |at, values, indices| {
        let x = &x[at * PART..x.len().min((at + 1) * PART)];
        E::best_of_lanes(x, x.len(), which, (values, indices));
    });
    let (mut value, mut index) = ([E::default()], [0]);
    E::best_of_lanes(&values, parts, which, (&mut value, &mut index));
    let part = index[0] as usize;
    (Storage::from_slice(&value), Storage::filled(1, (part * PART) as i64 + indices[part]))
}

impl ArgMax for i64 {
    fn best_of_lanes(x: &[i64], size: usize, which: Extremum, (values, indices): (&mut [i64], &mut [i64])) {
        at_level(
            #[inline(always)]
            || {
                for ((value, index), lane) in values.iter_mut().zip(indices).zip(x.chunks_exact(size)) {
                    *value = match which {
                        Extremum::Largest => lane.iter().fold(i64::MIN, |a, b| a.max(*b)),
                        Extremum::Smallest => lane.iter().fold(i64::MAX, |a, b| a.min(*b)),
                    };
                    *index = lane.iter().position(|x| x == value).map_or(0, |at| at as i64);
                }
            },
        );
    }
    fn best_of_columns(
        x: &[i64],
        width: usize,
        from: usize,
        which: Extremum,
        (values, indices): (&mut [i64], &mut [i64]),
    ) {
        at_level(
            #[inline(always)]
            || plain_columns(x, width, from, which, values, indices),
        );
    }
}

#[inline(always)]
fn plain_columns<E: Element>(
    x: &[E],
    width: usize,
    from: usize,
    which: Extremum,
    values: &mut [E],
    indices: &mut [i64],
) {
    let n = values.len();
    for (row, x) in x.chunks_exact(width).enumerate() {
        for ((value, index), x) in values.iter_mut().zip(&mut *indices).zip(&x[from..from + n]) {
            let beats = row == 0 || which.beats(*x, *value);
            *value = if beats { *x } else { *value };
            *index = if beats { row as i64 } else { *index };
        }
    }
}

macro_rules! floats {
    ($($t:ty),*) => { $(
        impl ArgMax for $t {
            fn best_of_lanes(x: &[$t], size: usize, which: Extremum, (values, indices): (&mut [$t], &mut [i64])) {
                dispatch(Lanes { x, size, which, values, indices });
            }
            fn best_of_columns(
                x: &[$t],
                width: usize,
                from: usize,
                which: Extremum,
                (values, indices): (&mut [$t], &mut [i64]),
            ) {
                if x.len() / width > u32::MAX as usize {
                    // The indices are kept in lanes of 32 bits.
                    return plain_columns(x, width, from, which, values, indices);
                }
                dispatch(Columns { x, width, from, which, values, indices });
            }
        }
    )* };
}
floats!(f32, f64);

struct Lanes<'a, E> {
    x: &'a [E],
    size: usize,
    which: Extremum,
    values: &'a mut [E],
    indices: &'a mut [i64],
}

impl<E: SimdFloat> Kernel for Lanes<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let lanes = self.x.chunks_exact(self.size);
        for ((value, index), lane) in self.values.iter_mut().zip(self.indices).zip(lanes) {
            let best = match self.which {
                Extremum::Largest => max::<S, E>(lane),
                Extremum::Smallest => min::<S, E>(lane),
            };
            let at = position::<S, E>(lane, best);
            (*value, *index) = (lane[at], at as i64);
        }
    }
}

/// The first of the elements that equal `best`, which is one of them; the first NaN if there is one.
#[inline(always)]
fn position<S: Simd, E: SimdFloat>(x: &[E], best: E) -> usize {
    let (best, lanes) = (E::V::<S>::splat(best), E::V::<S>::LANES);
    for (i, x) in x.chunks(lanes).enumerate() {
        let x = if x.len() == lanes { E::V::<S>::load(x) } else { E::V::<S>::load_partial(x, x[0]) };
        // If there is a NaN, the best is NaN and equals nothing. The padding of the last vector comes after its equal.
        let found = x.eq(best).or(x.ne(x));
        if found.any() {
            return i * lanes + found.first() as usize;
        }
    }
    0
}

struct Columns<'a, E> {
    x: &'a [E],
    width: usize,
    from: usize,
    which: Extremum,
    values: &'a mut [E],
    indices: &'a mut [i64],
}

/// The columns that are read together: a cache line of `f64`, or half of one of `f32`, four times.
const COLUMNS: usize = 32;
/// As many vectors as the level with the fewest lanes needs for them.
const VECTORS: usize = 16;

impl<E: SimdFloat> Kernel for Columns<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        match self.which {
            Extremum::Largest => self.columns::<S, true>(),
            Extremum::Smallest => self.columns::<S, false>(),
        }
    }
}

impl<E: SimdFloat> Columns<'_, E> {
    #[inline(always)]
    fn columns<S: Simd, const LARGEST: bool>(self) {
        let Columns { x, width, mut from, values, indices, .. } = self;
        let lanes = E::V::<S>::LANES;
        for (values, indices) in values.chunks_mut(COLUMNS).zip(indices.chunks_mut(COLUMNS)) {
            let count = values.len();
            if count == COLUMNS {
                columns::<S, E, VECTORS, LARGEST>(x, width, from, (values, indices));
            } else {
                for (i, (values, indices)) in
                    values.chunks_mut(lanes).zip(indices.chunks_mut(lanes)).enumerate()
                {
                    columns::<S, E, 1, LARGEST>(x, width, from + i * lanes, (values, indices));
                }
            }
            from += count;
        }
    }
}

/// The best of COLUMNS columns in up to N vectors, or of those of one vector.
#[inline(always)]
fn columns<S: Simd, E: SimdFloat, const N: usize, const LARGEST: bool>(
    x: &[E],
    width: usize,
    from: usize,
    (values, indices): (&mut [E], &mut [i64]),
) {
    let (n, lanes) = (values.len(), E::V::<S>::LANES);
    let vectors = if N == 1 { 1 } else { COLUMNS / lanes };
    let load = |row: &[E], i: usize| {
        if N > 1 {
            E::V::<S>::load(&row[from..from + COLUMNS][i * lanes..])
        } else {
            E::V::<S>::load_partial(&row[from..from + n], E::ZERO)
        }
    };
    let mut rows = x.chunks_exact(width);
    let Some(first) = rows.next() else { return };
    let (mut best, mut at) = ([E::V::<S>::zero(); N], [E::V::<S>::zero(); N]);
    for i in 0..vectors {
        best[i] = load(first, i);
    }
    let (one, mut now) = (E::V::<S>::splat_bits(E::ONE), E::V::<S>::zero());
    for row in rows {
        now = now.int_add(one);
        for i in 0..vectors {
            let (x, b) = (load(row, i), best[i]);
            let beyond = if LARGEST { x.gt(b) } else { x.lt(b) };
            let beats = beyond.or(x.ne(x).and(b.eq(b)));
            best[i] = E::V::<S>::select(beats, x, b);
            at[i] = E::V::<S>::select(beats, now, at[i]);
        }
    }
    for i in 0..vectors {
        let range = i * lanes..n.min((i + 1) * lanes);
        best[i].store_partial(&mut values[range.clone()]);
        let mut bits = [E::ZERO; COLUMNS];
        at[i].store(&mut bits);
        indices[range].iter_mut().zip(bits).for_each(|(index, bits)| *index = bits.integer() as i64);
    }
}

/// Each element of `grad`, which lacks the axis, at its index on the axis, and 0 elsewhere.
#[inline(never)]
pub(crate) fn place<E: Element>(grad: &[E], indices: &[i64], along: AxisLayout) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::filled(outer * size * inner, E::default());
    let elements = out.make_mut();
    for (i, (grad, index)) in grad.iter().zip(indices).enumerate() {
        elements[(i / inner * size + *index as usize) * inner + i % inner] = *grad;
    }
    out
}

/// The gradient of the largest or smallest value, in equal parts where it is. A NaN is equal to nothing, and the
/// gradient is NaN then, as in PyTorch.
#[inline(never)]
pub(crate) fn amax_backward<E: Numeric>(x: Storage<E>, y: &[E], grad: &[E], along: AxisLayout) -> Storage<E> {
    pull(x, along, |lane, i| {
        let y = y[i];
        if is_nan(y) {
            lane.fill(y);
            return;
        }
        let part = grad[i] / number(lane.iter().filter(|x| **x == y).count());
        lane.iter_mut().for_each(|x| *x = if *x == y { part } else { E::zero() });
    })
}

/// The gradient of the largest or smallest of all elements, in equal parts where it is, a NaN too.
pub(crate) fn max_of_all_backward<E: Numeric>(x: Storage<E>, y: E, grad: E) -> Storage<E> {
    let is_best = |x: E| x == y || (is_nan(x) && is_nan(y));
    let part = grad / number(x.iter().filter(|x| is_best(**x)).count());
    map(x, |x| if is_best(x) { part } else { E::zero() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    #[test]
    fn the_first_of_equals_and_the_first_nan_win() {
        let nan = f32::NAN;
        let rows = [1., 3., 3., 0., nan, 9., nan, 1., -0., 0., -1., -2.];
        let (values, indices) = best(&rows, AxisLayout { outer: 3, size: 4, inner: 1 }, Extremum::Largest);
        assert_eq!(indices.as_slice(), [1, 0, 0]);
        assert!(values.as_slice()[1].is_nan());
        let (_, indices) = best(&rows, AxisLayout { outer: 3, size: 4, inner: 1 }, Extremum::Smallest);
        assert_eq!(indices.as_slice(), [3, 0, 3]);
    }

    /// By the definition: a later element takes the place of the best so far if it beats it.
    fn naive(x: &[f32], (outer, size, inner): (usize, usize, usize), which: Extremum) -> Vec<(u32, i64)> {
        let lane = |i: usize| (0..size).map(move |s| x[(i / inner * size + s) * inner + i % inner]);
        let best_of = |i: usize| {
            let mut best = (lane(i).next().unwrap(), 0);
            for (at, x) in lane(i).enumerate() {
                if which.beats(x, best.0) {
                    best = (x, at as i64);
                }
            }
            (best.0.to_bits(), best.1)
        };
        (0..outer * inner).map(best_of).collect()
    }

    #[test]
    fn lanes_and_columns_of_any_size_agree_with_the_definition_at_each_level() {
        let sizes = (1..70).map(|n| (3, n, 1)).chain((1..70).map(|n| (2, 5, n)));
        for sizes in sizes.chain([(1, 131_077, 1), (1, 700, 200), (300, 9, 51), (1, 1, 130)]) {
            let (outer, size, inner) = sizes;
            let mut x: Vec<f32> = (0..outer * size * inner).map(|i| (i * i % 13) as f32 - 6.0).collect();
            for (i, x) in x.iter_mut().enumerate() {
                match i % 97 {
                    40 => *x = -0.0,
                    77 if i % 5 == 0 => *x = f32::NAN,
                    90 => *x = f32::NEG_INFINITY,
                    91 => *x = f32::INFINITY,
                    _ => {}
                }
            }
            let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
            let whole: Vec<i64> = x.iter().map(|x| *x as i64).collect();
            let of_whole: Vec<f32> = whole.iter().map(|x| *x as f32).collect();
            let along = AxisLayout { outer, size, inner };
            for (level, which) in
                Level::ALL.into_iter().flat_map(|l| [(l, Extremum::Largest), (l, Extremum::Smallest)])
            {
                with_level(level, || {
                    let want = naive(&x, sizes, which);
                    let (values, indices) = best(&x, along, which);
                    let got = values.iter().map(|x| x.to_bits()).zip(indices.iter().copied());
                    assert!(got.eq(want.iter().copied()), "{sizes:?} {level} {which:?}");
                    let (values, indices) = best(&wide, along, which);
                    let got = values.iter().map(|x| (*x as f32).to_bits()).zip(indices.iter().copied());
                    assert!(got.eq(want), "{sizes:?} {level} {which:?}");
                    let (values, indices) = best(&whole, along, which);
                    let got = values.iter().map(|x| (*x as f32).to_bits()).zip(indices.iter().copied());
                    assert!(got.eq(naive(&of_whole, sizes, which)), "{sizes:?} {level} {which:?}");
                });
            }
        }
    }

    #[test]
    fn the_gradient_goes_back_to_where_the_value_came_from() {
        let x = [5, 1, 2, 4, 3, 6, 0, 8, 7, 9, 10, 11];
        let along = AxisLayout { outer: 2, size: 3, inner: 2 };
        let (values, indices) = best(&x, along, Extremum::Largest);
        assert_eq!((values.as_slice(), indices.as_slice()), (&[5, 6, 10, 11][..], &[0, 2, 2, 2][..]));
        let back = place(values.as_slice(), indices.as_slice(), along);
        assert_eq!(back.as_slice(), [5, 0, 0, 0, 0, 6, 0, 0, 0, 0, 10, 11]);
    }
}
