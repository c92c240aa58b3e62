//! Sums of elements that are picked by indices: scattered terms have no order that vectors could use.

use crate::element::Element;
use crate::kernel::elementwise::pointwise::at_level;
use crate::storage::Storage;

/// Sums of picked elements, compiled in this crate.
pub trait Picked: Sized {
    /// For each place i the sum of the elements of `x` at `rows[ends[i - 1]..ends[i]]`; of more than `few` with their
    /// rounding errors.
    #[doc(hidden)]
    fn sums_of_picked(x: &[Self], rows: (&[i64], &[i64]), few: usize, out: &mut [Self]);
    /// Adds each term to the sum in the row that its index names, in rows of `inner` elements; `exactly` where sums have
    /// many terms.
    #[doc(hidden)]
    fn add_picked(sums: &mut [Self], exactly: bool, inner: usize, indices: &[i64], terms: &[Self]);
}

/// A number that is added to a sum in twice the precision.
pub(super) trait AddExactly: Sized {
    /// Adds it; the sum is `sum + error`.
    fn add_to(self, sum: &mut Self, error: &mut Self);
}

macro_rules! add_exactly {
    ($t:ident) => {
        impl AddExactly for $t {
            #[inline(always)]
            fn add_to(self, sum: &mut $t, error: &mut $t) {
                let next = *sum + self;
                let of_x = next - *sum;
                let rounded = (*sum - (next - of_x)) + (self - of_x);
                // An infinite sum has no error.
                let rest = *error + if rounded.is_finite() { rounded } else { 0.0 };
                // The error stays small beside the sum, so that it has little of its own.
                *sum = next + rest;
                let rest = rest - (*sum - next);
                *error = if rest.is_finite() { rest } else { 0.0 };
            }
        }
    };
}
add_exactly!(f32);
add_exactly!(f64);

impl AddExactly for i64 {
    #[inline(always)]
    fn add_to(self, sum: &mut i64, _: &mut i64) {
        *sum += self;
    }
}

/// Calls `f` with the place of each term, which is below `len`, and the term.
#[inline(always)]
fn at_each<T: Copy>(len: usize, inner: usize, indices: &[i64], terms: &[T], mut f: impl FnMut(usize, T)) {
    if inner == 1 {
        for (index, term) in indices.iter().zip(terms) {
            f(*index as usize, *term);
        }
        return;
    }
    let inner = inner.max(1);
    debug_assert!(len.is_multiple_of(inner));
    for (indices, terms) in indices.chunks(inner).zip(terms.chunks(inner)) {
        for (i, (index, term)) in indices.iter().zip(terms).enumerate() {
            f(*index as usize * inner + i, *term);
        }
    }
}

/// The elements for which sums in `f64` are made: 512 KiB.
const WIDE: usize = 1 << 16;

/// Adds each term in `f64`; those of many sums in `f32` with their rounding errors.
fn add_in_f64(sums: &mut [f32], inner: usize, indices: &[i64], terms: &[f32]) {
    if sums.len() > WIDE {
        return add_compensated(sums, inner, indices, terms);
    }
    let mut wide = Storage::unspecified(sums.len());
    let wide: &mut [f64] = wide.make_mut();
    at_level(|| wide.iter_mut().zip(&*sums).for_each(|(wide, sum)| *wide = (*sum).into()));
    at_each(
        wide.len(),
        inner,
        indices,
        terms,
        #[inline(always)]
        |at, term| wide[at] += f64::from(term),
    );
    at_level(|| sums.iter_mut().zip(&*wide).for_each(|(sum, wide)| *sum = *wide as f32));
}

/// Adds each term with its rounding error.
fn add_compensated<T: AddExactly + Element>(sums: &mut [T], inner: usize, indices: &[i64], terms: &[T]) {
    let mut errors = Storage::filled(sums.len(), T::default());
    let errors = errors.make_mut();
    at_each(
        sums.len(),
        inner,
        indices,
        terms,
        #[inline(always)]
        |at, term| {
            term.add_to(&mut sums[at], &mut errors[at]);
        },
    );
    T::accumulate(sums, errors);
}

macro_rules! picked {
    ($($t:ident $zero:literal $exactly:ident),*) => { $(
        impl Picked for $t {
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
            fn add_picked(sums: &mut [$t], exactly: bool, inner: usize, indices: &[i64], terms: &[$t]) {
                if exactly {
                    return $exactly(sums, inner, indices, terms);
                }
                at_each(sums.len(), inner, indices, terms, #[inline(always)] |at, term| sums[at] += term);
            }
        }
    )* };
}
picked!(f32 0.0 add_in_f64, f64 0.0 add_compensated, i64 0 add_compensated);

/// Truth values hold no gradients and have no sums.
impl Picked for bool {
    fn sums_of_picked(_: &[Self], _: (&[i64], &[i64]), _: usize, out: &mut [Self]) {
        out.fill(false);
    }
    fn add_picked(_: &mut [Self], _: bool, _: usize, _: &[i64], _: &[Self]) {}
}
