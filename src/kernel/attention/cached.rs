//! Attention of one token to the keys and values of a cache, whose number is known at run time.

use crate::element::Float;
use crate::kernel::axis::axis::{total, total_of};
use crate::kernel::axis::lanes::parts;
use crate::kernel::axis::long_sums::LongSums;
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
                    *score = total_of(q.iter().zip(key).map(|(q, k)| *q * *k)) * scale;
                }
                let most = scores.iter().fold(E::neg_infinity(), |most, x| most.max(*x));
                scores.iter_mut().for_each(|score| *score = (*score - most).exp());
                let sum = total(scores);
                out.fill(E::zero());
                let mut sums = LongSums::new(out);
                for (t, score) in scores.iter().enumerate() {
                    let (weight, out) = (*score / sum, sums.more(1));
                    out.iter_mut().zip(&values[row(values, t)]).for_each(|(out, v)| *out += weight * *v);
                }
                sums.finish();
            }
        });
    })
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
