//! Sums of elements that are picked by indices: scattered terms have no order that vectors could use.

use crate::element::Element;
use crate::kernel::axis::add_exactly::AddExactly;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::elementwise::pointwise::at_level;
use crate::storage::Storage;

/// Sums of picked elements, compiled in this crate.
pub trait SumsAtIndices: Sized {
    /// For each position i the sum of the elements of `x` at `rows[ends[i - 1]..ends[i]]`; of more than `few` with their
    /// rounding errors.
    #[doc(hidden)]
    fn sums_of_picked(x: &[Self], rows: (&[i64], &[i64]), few: usize, out: &mut [Self]);
    /// The largest of each column of some rows of `x`, as long as `out`, and the row it came from: the first of equal ones.
    #[doc(hidden)]
    fn largest_of_rows(x: &[Self], rows: &[i64], out: &mut [Self], from: &mut [i64]);
    /// Adds each term to the sum in the row that its index names, in rows of `inner` elements; `exactly` where sums have
    /// many terms. `sizes` are those of a block of sums and of its terms.
    #[doc(hidden)]
    fn add_picked(
        sums: &mut [Self],
        start: Start<'_, Self>,
        sizes: [usize; 2],
        exactly: bool,
        inner: usize,
        picks: (&[i64], &[Self]),
    );
}

/// The numbers that sums begin with.
#[derive(Clone, Copy)]
pub enum Start<'a, E> {
    /// Those in memory.
    Own,
    /// Zeros.
    Zeros,
    /// These numbers, as many as the sums.
    Copy(&'a [E]),
}

/// Calls `f` with the position of each term, and the term.
#[inline(always)]
fn each_pick<T: Copy>(inner: usize, indices: &[i64], terms: &[T], mut f: impl FnMut(usize, T)) {
    if inner == 1 {
        let ((fours, indices), (four_terms, terms)) = (indices.as_chunks::<4>(), terms.as_chunks::<4>());
        for (indices, terms) in fours.iter().zip(four_terms) {
            for i in 0..4 {
                f(indices[i] as usize, terms[i]);
            }
        }
        for (index, term) in indices.iter().zip(terms) {
            f(*index as usize, *term);
        }
        return;
    }
    let inner = inner.max(1);
    for (indices, terms) in indices.chunks(inner).zip(terms.chunks(inner)) {
        for (i, (index, term)) in indices.iter().zip(terms).enumerate() {
            f(*index as usize * inner + i, *term);
        }
    }
}

/// The terms of a group, of each lane.
pub(crate) const GROUP: usize = 128;

/// Adds groups of terms, each to sums of its own that begin at 0, and these in sequence, where the sums are not many
/// more than the terms of a group.
fn add_in_groups<'a, T>(size: usize, inner: usize, blocks: impl Iterator<Item = Block<'a, T>>)
where
    T: Element + std::ops::AddAssign,
{
    let mut group = Storage::unspecified(size);
    let group = group.make_mut();
    let count = GROUP * inner.max(1);
    for (sums, (indices, terms)) in blocks {
        for (i, (indices, terms)) in indices.chunks(count).zip(terms.chunks(count)).enumerate() {
            let to = if i == 0 { &mut *sums } else { &mut *group };
            if i > 0 {
                to.fill(T::default());
            }
            each_pick(
                inner,
                indices,
                terms,
                #[inline(always)]
                |at, term| to[at] += term,
            );
            if i > 0 {
                T::accumulate(sums, group);
            }
        }
    }
}

/// The elements for which sums in `f64` are made: 512 KiB.
const WIDE: usize = 1 << 16;

/// The sums for each term from which on the sums without terms are not visited.
const MANY_SUMS: usize = 8;

/// Sums, and the indices and terms that are added to them.
type Block<'a, T> = (&'a mut [T], (&'a [i64], &'a [T]));

/// Adds each term in `f64`; those of many sums in `f32` with their rounding errors.
fn add_in_f64<'a>(size: usize, inner: usize, blocks: impl Iterator<Item = Block<'a, f32>>) {
    if size > WIDE {
        return add_compensated(size, inner, blocks);
    }
    let mut wide = Storage::unspecified(size);
    let wide: &mut [f64] = wide.make_mut();
    at_level(
        #[inline(always)]
        || {
            for (sums, (indices, terms)) in blocks {
                wide.iter_mut().zip(&*sums).for_each(|(wide, sum)| *wide = (*sum).into());
                each_pick(
                    inner,
                    indices,
                    terms,
                    #[inline(always)]
                    |at, term| wide[at] += f64::from(term),
                );
                sums.iter_mut().zip(&*wide).for_each(|(sum, wide)| *sum = *wide as f32);
            }
        },
    );
}

/// Adds each term with its rounding error.
fn add_compensated<'a, T>(size: usize, inner: usize, blocks: impl Iterator<Item = Block<'a, T>>)
where
    T: AddExactly + Element + std::ops::AddAssign,
{
    let mut errors = Storage::unspecified(size);
    let errors = errors.make_mut();
    for (sums, (indices, terms)) in blocks {
        if terms.len() < size / MANY_SUMS {
            // Only the sums that have a term are visited.
            each_pick(inner, indices, terms, |at, _| errors[at] = T::default());
            each_pick(inner, indices, terms, |at, term| term.add_to(&mut sums[at], &mut errors[at]));
            each_pick(inner, indices, terms, |at, _| sums[at] += std::mem::take(&mut errors[at]));
            continue;
        }
        errors.fill(T::default());
        each_pick(
            inner,
            indices,
            terms,
            #[inline(always)]
            |at, term| term.add_to(&mut sums[at], &mut errors[at]),
        );
        T::accumulate(sums, errors);
    }
}

macro_rules! picked {
    ($($t:ident $zero:literal $exactly:ident),*) => { $(
        impl SumsAtIndices for $t {
            fn sums_of_picked(x: &[$t], (ends, rows): (&[i64], &[i64]), few: usize, out: &mut [$t]) {
                let mut begin = 0;
                for (out, end) in out.iter_mut().zip(ends) {
                    let rows = &rows[begin..*end as usize];
                    begin = *end as usize;
                    let mut sum: $t = $zero;
                    if rows.len() <= few {
                        rows.iter().for_each(|row| sum += x[*row as usize]);
                    } else {
                        let mut error: $t = $zero;
                        rows.iter().for_each(|row| x[*row as usize].add_to(&mut sum, &mut error));
                        sum += error;
                    }
                    *out = sum;
                }
            }
            fn largest_of_rows(x: &[$t], rows: &[i64], out: &mut [$t], from: &mut [i64]) {
                let Some((first, rows)) = rows.split_first() else { return };
                let width = out.len();
                out.copy_from_slice(&x[*first as usize * width..][..width]);
                from.fill(*first);
                at_level(
                    #[inline(always)]
                    || for row in rows {
                        let x = &x[*row as usize * width..][..width];
                        for ((out, from), x) in out.iter_mut().zip(&mut *from).zip(x) {
                            let larger = *x > *out;
                            *from = if larger { *row } else { *from };
                            *out = if larger { *x } else { *out };
                        }
                    },
                );
            }
            fn add_picked(
                sums: &mut [$t],
                start: Start<'_, $t>,
                [size, count]: [usize; 2],
                exactly: bool,
                inner: usize,
                (indices, terms): (&[i64], &[$t]),
            ) {
                let picks = indices.chunks(count.max(1)).zip(terms.chunks(count.max(1)));
                // A block begins while it is in the cache.
                let blocks = sums.chunks_exact_mut(size.max(1)).zip(picks).enumerate().map(|(i, (sums, picks))| {
                    match start {
                        Start::Own => {}
                        Start::Zeros => sums.fill($zero),
                        Start::Copy(from) => sums.copy_from_slice(&from[i * size..][..size]),
                    }
                    (sums, picks)
                });
                let (lanes, terms_of_lane) = (inner.max(1), count / inner.max(1));
                if exactly && size <= 4 * GROUP * lanes && terms_of_lane <= GROUP * GROUP {
                    return add_in_groups(size, inner, blocks);
                }
                if exactly {
                    return $exactly(size, inner, blocks);
                }
                for (sums, (indices, terms)) in blocks {
                    each_pick(inner, indices, terms, #[inline(always)] |at, term| sums[at] += term);
                }
            }
        }
    )* };
}
picked!(f32 0.0 add_in_f64, f64 0.0 add_compensated, i64 0 add_compensated);

/// Truth values hold no gradients and have no sums.
impl SumsAtIndices for bool {
    fn sums_of_picked(_: &[Self], _: (&[i64], &[i64]), _: usize, out: &mut [Self]) {
        out.fill(false);
    }
    fn largest_of_rows(_: &[Self], _: &[i64], _: &mut [Self], _: &mut [i64]) {}
    fn add_picked(
        sums: &mut [Self],
        _: Start<'_, Self>,
        _: [usize; 2],
        _: bool,
        _: usize,
        _: (&[i64], &[Self]),
    ) {
        sums.fill(false);
    }
}

/// `sums` with each of `terms` added at the position that its index points to.
pub(super) fn add<E: Element>(
    mut sums: Storage<E>,
    start: Start<'_, E>,
    along: AxisLayout,
    indices: &[i64],
    terms: &[E],
) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let exactly = indices.len() > GROUP * outer * inner;
    let sizes = [size * inner, indices.len() / outer.max(1)];
    E::add_picked(sums.make_mut(), start, sizes, exactly, inner, (indices, terms));
    sums
}
