//! Attention of one token to the keys and values of a cache, whose number is known at run time.

use crate::element::Float;
use crate::kernel::axis::lanes::parts;
use crate::storage::Storage;

/// The number of heads, the width of all heads, the rows that a sequence has in the cache, and how many
/// of them are filled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CachedSizes {
    pub(crate) heads: usize,
    pub(crate) width: usize,
    pub(crate) capacity: usize,
    pub(crate) filled: usize,
}

/// softmax(q Kᵀ / √D) V for each head, where q is `[B, width]`, and K and V are `[B, capacity, width]`.
#[inline(never)]
pub(crate) fn attend_cached<E: Float>(q: &[E], keys: &[E], values: &[E], sizes: CachedSizes) -> Storage<E> {
    let CachedSizes { heads, width, capacity, filled, .. } = sizes;
    let head = width / heads;
    let scale = E::from_f64(1.0 / (head as f64).sqrt());
    Storage::written(q.len(), |out| {
        parts(out, head, 2 * filled, |at, out| {
            let mut scores = Storage::unspecified(filled);
            for (i, out) in out.chunks_exact_mut(head).enumerate() {
                let first = at + i * head;
                let (b, column) = (first / width, first % width);
                let row = |x: &'_ [E], t: usize| -> std::ops::Range<usize> {
                    let start = (b * capacity + t) * width + column;
                    debug_assert!(start + head <= x.len());
                    start..start + head
                };
                let q = &q[first..first + head];
                let scores = scores.make_mut();
                for (t, score) in scores.iter_mut().enumerate() {
                    let key = &keys[row(keys, t)];
                    *score = q.iter().zip(key).fold(E::zero(), |sum, (q, k)| sum + *q * *k) * scale;
                }
                let most = scores.iter().fold(E::neg_infinity(), |most, x| most.max(*x));
                let mut sum = E::zero();
                for score in &mut *scores {
                    *score = (*score - most).exp();
                    sum += *score;
                }
                out.fill(E::zero());
                for (t, score) in scores.iter().enumerate() {
                    let weight = *score / sum;
                    out.iter_mut().zip(&values[row(values, t)]).for_each(|(out, v)| *out += weight * *v);
                }
            }
        });
    })
}
