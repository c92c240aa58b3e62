//! Sums of elements that are picked by indices: scattered terms have no order that vectors could use.

/// Sums of picked elements, compiled in this crate.
pub trait Picked: Sized {
    /// For each place i the sum of the elements of `x` at `rows[ends[i - 1]..ends[i]]`; of more than `few` with their
    /// rounding errors.
    #[doc(hidden)]
    fn sums_of_picked(x: &[Self], rows: (&[i64], &[i64]), few: usize, out: &mut [Self]);
    /// Adds each term to the sum in the row that its index names, in rows of `inner` elements; if there are errors, as
    /// `Sums::accumulate_exactly`.
    #[doc(hidden)]
    fn add_picked(sums: &mut [Self], errors: &mut [Self], inner: usize, indices: &[i64], terms: &[Self]);
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

macro_rules! picked {
    ($($t:ident $zero:literal),*) => { $(
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
            fn add_picked(sums: &mut [$t], errors: &mut [$t], inner: usize, indices: &[i64], terms: &[$t]) {
                for (indices, terms) in indices.chunks(inner.max(1)).zip(terms.chunks(inner.max(1))) {
                    for (i, (index, term)) in indices.iter().zip(terms).enumerate() {
                        let at = *index as usize * inner + i;
                        if errors.is_empty() {
                            sums[at] += *term;
                        } else {
                            term.add_to(&mut sums[at], &mut errors[at]);
                        }
                    }
                }
            }
        }
    )* };
}
picked!(f32 0.0, f64 0.0, i64 0);

/// Truth values hold no gradients and have no sums.
impl Picked for bool {
    fn sums_of_picked(_: &[Self], _: (&[i64], &[i64]), _: usize, out: &mut [Self]) {
        out.fill(false);
    }
    fn add_picked(_: &mut [Self], _: &mut [Self], _: usize, _: &[i64], _: &[Self]) {}
}
