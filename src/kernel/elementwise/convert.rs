//! Elements of another type.

use super::pointwise::at_level;
use crate::element::Element;
use crate::kernel::axis::lanes::for_each_part;
use crate::storage::Storage;

/// Floats that become integers.
pub(crate) trait ToIntegers: Element {
    /// Each element rounded towards 0; the nearest integer of what is out of range, and 0 of NaN.
    fn integers(x: &[Self]) -> Storage<i64>;
}

macro_rules! to_integers {
    ($($t:ident),*) => { $(
        impl ToIntegers for $t {
            fn integers(x: &[$t]) -> Storage<i64> {
                Storage::written(x.len(), |to| {
                    for_each_part(to, 1, 1, |at, to| {
                        at_level(#[inline(always)] || {
                            for (to, x) in to.chunks_mut(BLOCK).zip(x[at..].chunks(BLOCK)) {
                                // For integers of 32 bits there are instructions of vectors.
                                let small = x.iter().fold(true, |small, x| small & (x.abs() < SMALL as $t));
                                for (to, x) in to.iter_mut().zip(x) {
                                    // SAFETY: where `small`, each x is finite and truncated to an `i32`.
                                    *to = if small { unsafe { x.to_int_unchecked::<i32>() }.into() } else { *x as i64 };
                                }
                            }
                        });
                    });
                })
            }
        }
    )* };
}
to_integers!(f32, f64);

/// So many elements are compared with [`SMALL`] at once.
const BLOCK: usize = 64;

/// Exact in `f32`, and less than 2³¹.
const SMALL: i32 = 1 << 30;

/// f(x) for each x, on all threads where there are many.
#[inline(never)]
pub(crate) fn convert<E: Element, D: Element>(x: &[E], f: impl Fn(E) -> D + Sync) -> Storage<D> {
    Storage::written(x.len(), |to| {
        for_each_part(to, 1, 1, |at, to| {
            at_level(
                #[inline(always)]
                || to.iter_mut().zip(&x[at..]).for_each(|(to, x)| *to = f(*x)),
            )
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    #[test]
    fn blocks_with_large_numbers_become_the_same_integers() {
        let large =
            [1_073_741_824.0, -2_147_483_648.0, 2_147_483_648.0, 1e10, -1e15, 1e30, -f64::INFINITY, f64::NAN];
        for level in Level::ALL {
            with_level(level, || {
                for n in (0..70).chain([BLOCK * 3 + 5]) {
                    let mut x: Vec<f64> = (0..n).map(|i| f64::from(i as u32) * 1.37e7 - 4.5e8).collect();
                    for (i, large) in large.into_iter().enumerate().map(|(i, large)| (i * 23, large)) {
                        let small: Vec<f32> = x.iter().map(|x| *x as f32).collect();
                        assert!(f64::integers(&x).iter().zip(&x).all(|(y, x)| *y == *x as i64), "{n} {i}");
                        assert!(
                            f32::integers(&small).iter().zip(&small).all(|(y, x)| *y == *x as i64),
                            "{n} {i}"
                        );
                        x.get_mut(i).into_iter().for_each(|x| *x = large);
                    }
                }
            });
        }
    }
}
