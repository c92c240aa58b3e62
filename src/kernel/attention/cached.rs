//! Attention of one token to the keys and values of a cache, whose number is known at run time.
//!
//! Floor: a multiplication and an addition for each element of the keys and of the values, which are read once.

use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::axis::sums::columns;
use crate::kernel::math::Coefficients;
use crate::kernel::memory::List;
use crate::kernel::reduce::row_math::exponentials;
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch, dot};
use crate::storage::Storage;

/// The number of heads, the width of all heads, the rows that a sequence has in the cache, and how many
/// of them are filled.
#[derive(Clone, Copy, Debug)]
pub struct CachedSizes {
    pub(crate) heads: usize,
    pub(crate) width: usize,
    pub(crate) capacity: usize,
    pub(crate) filled: usize,
}

/// Attention of one token for an element type, compiled in this crate.
pub trait AttendCached: Sized {
    /// The heads from element `at` of q on, as many as `out` has.
    #[doc(hidden)]
    fn attend_heads(q: &[Self], cache: [&[Self]; 2], sizes: CachedSizes, at: usize, out: &mut [Self]);
}

macro_rules! impl_attend_cached {
    ($($t:ty),*) => { $(
        impl AttendCached for $t {
            fn attend_heads(q: &[Self], cache: [&[Self]; 2], sizes: CachedSizes, at: usize, out: &mut [Self]) {
                dispatch(Heads { q, cache, sizes, at, out });
            }
        }
    )* };
}
impl_attend_cached!(f32, f64);

/// softmax(q Kᵀ / √D) V for each head, where q is `[B, width]`, and K and V are `[B, capacity, width]`.
#[inline(never)]
pub(crate) fn attend_cached<E: Float>(q: &[E], keys: &[E], values: &[E], sizes: CachedSizes) -> Storage<E> {
    Storage::written(q.len(), |out| {
        for_each_part(out, sizes.width / sizes.heads, 2 * sizes.filled, |at, out| {
            E::attend_heads(q, [keys, values], sizes, at, out);
        });
    })
}

struct Heads<'a, E> {
    q: &'a [E],
    /// The keys and the values.
    cache: [&'a [E]; 2],
    sizes: CachedSizes,
    at: usize,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for Heads<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Heads { q, cache, sizes: CachedSizes { heads, width, capacity, filled }, at, out } = self;
        let (head, lanes) = (width / heads, E::V::<S>::LANES);
        let scale = E::from_f64(1.0 / (head as f64).sqrt());
        let mut scores = List::filled(filled, E::ZERO);
        for (i, out) in out.chunks_exact_mut(head).enumerate() {
            let first = at + i * head;
            let (start, column) = (first / width * capacity * width, first % width);
            let [keys, values] = cache.map(|rows| &rows[start..start + filled * width]);
            for (key, score) in keys.chunks_exact(width).zip(&mut scores[..]) {
                *score = dot::<S, E>(&q[first..first + head], &key[column..column + head]) * scale;
            }
            let [_, sum] = exponentials::<S, E>(&mut scores);
            scores.iter_mut().for_each(|score| *score /= sum);
            for (i, out) in out.chunks_mut(E::BLOCK).enumerate() {
                let from = column + i * E::BLOCK;
                let end = from + out.len();
                let sums = columns::<S, E>(values, width, |t, row, i| {
                    let at = (from + i * lanes).min(end);
                    if at < end {
                        E::V::<S>::load_up_to(&row[at..end], E::ZERO) * E::V::<S>::splat(scores[t])
                    } else {
                        E::V::<S>::zero()
                    }
                });
                for (i, out) in out.chunks_mut(lanes).enumerate() {
                    sums[i].store_partial(out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::simd::{Level, with_level};

    /// By the definition, in `f64`: for each of two sequences and each head.
    fn naive<E: Float>(q: &[E], [keys, values]: [&[E]; 2], sizes: CachedSizes) -> Vec<f64> {
        let CachedSizes { heads, width, capacity, filled } = sizes;
        let head = width / heads;
        let mut y = vec![0.0; q.len()];
        for (i, y) in y.chunks_exact_mut(head).enumerate() {
            let (b, column) = (i / heads, i % heads * head);
            let at = |t: usize, d: usize| (b * capacity + t) * width + column + d;
            let dot = |t| (0..head).map(|d| q[i * head + d].as_f64() * keys[at(t, d)].as_f64()).sum::<f64>();
            let e: Vec<f64> = (0..filled).map(|t| (dot(t) / (head as f64).sqrt()).exp()).collect();
            for (d, y) in y.iter_mut().enumerate() {
                let sum: f64 = (0..filled).map(|t| e[t] * values[at(t, d)].as_f64()).sum();
                *y = sum / e.iter().sum::<f64>();
            }
        }
        y
    }

    fn check<E: Float>(head: usize, filled: usize, tolerance: f64) {
        let sizes = CachedSizes { heads: 3, width: 3 * head, capacity: filled + 2, filled };
        let rng = &mut crate::Rng::seed(head as u64);
        let mut draw = |len: usize| Vec::from_iter((0..len).map(|_| E::from_f64(rng.normal())));
        let len = 2 * sizes.capacity * sizes.width;
        let (q, keys, values) = (draw(2 * sizes.width), draw(len), draw(len));
        let want = naive(&q, [&keys, &values], sizes);
        for level in Level::ALL {
            let y = with_level(level, || attend_cached(&q, &keys, &values, sizes));
            let near = |(y, want): (&E, &f64)| (y.as_f64() - want).abs() <= tolerance;
            assert!(y.iter().zip(&want).all(near), "{head} {filled} {level}");
        }
        let [one, three] = [1, 3].map(|threads| {
            crate::set_num_threads(threads);
            attend_cached(&q, &keys, &values, sizes)
        });
        assert_eq!(one.as_slice(), three.as_slice(), "{head} {filled}");
    }

    #[test]
    fn heads_of_any_width_agree_with_the_definition_at_each_level() {
        for head in [1, 7, 16, 31, 64, 65, 130] {
            for filled in [1, 33, 70] {
                check::<f32>(head, filled, 1e-5);
                check::<f64>(head, filled, 1e-13);
            }
        }
        // Enough elements for threads.
        check::<f32>(65, 1_100, 1e-5);
    }

    #[test]
    fn a_score_or_a_value_that_is_not_a_number_is_kept() {
        let sizes = CachedSizes { heads: 2, width: 4, capacity: 3, filled: 2 };
        let y = |keys: [f32; 12], values: [f32; 12]| attend_cached(&[1.0; 4], &keys, &values, sizes);
        let mut bad = [1.0; 12];
        bad[4] = f32::NAN;
        let of_keys = y(bad, [1.0; 12]);
        assert!(of_keys[..2].iter().all(|y| y.is_nan()) && of_keys[2..] == [1.0, 1.0]);
        let of_values = y([1.0; 12], bad);
        assert!(of_values[0].is_nan() && of_values[1..] == [1.0, 1.0, 1.0]);
        bad[4] = f32::NEG_INFINITY;
        // A key that is not attended to.
        assert_eq!(y(bad, [1.0; 12]).as_slice(), [1.0; 4]);
    }

    /// Equal scores and equal values: in sequence, both sums would lose 1e-4.
    #[test]
    fn a_token_that_attends_to_many_keeps_its_digits() {
        let filled = 1 << 18;
        let sizes = CachedSizes { heads: 1, width: 2, capacity: filled, filled };
        let keys = vec![0.1_f32; 2 * filled];
        let values: Vec<f32> =
            (0..2 * filled).map(|i| if i % 2 == 0 { 0.3 } else { (i / 2 % 8) as f32 }).collect();
        let y = attend_cached(&[0.5, 0.25], &keys, &values, sizes);
        assert!((y[0] / 0.3 - 1.0).abs() < 1e-6 && (y[1] / 3.5 - 1.0).abs() < 1e-6, "{y:?}");
    }
}
