//! Attention of one token to the keys and values of a cache, whose number is known at run time.
//!
//! Floor: two multiply-adds for an element of the keys and for one of the values, each of which is read once.

use crate::element::Float;
use crate::kernel::axis::lanes::parts;
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
        parts(out, sizes.width / sizes.heads, 2 * sizes.filled, |at, out| {
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
                    let values = E::V::<S>::load_partial(&row[(from + i * lanes).min(end)..end], E::ZERO);
                    values * E::V::<S>::splat(scores[t])
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
