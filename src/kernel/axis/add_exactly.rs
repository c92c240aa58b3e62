//! Sums in twice the precision.

/// A number that is added to a sum in twice the precision.
pub(in crate::kernel) trait AddExactly: Sized {
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
                // The error stays small compared with the sum, so its own rounding error is negligible.
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
