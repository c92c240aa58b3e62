//! Cross products.

use crate::element::Numeric;
use crate::storage::Storage;

/// The products of vectors whose elements are `inner` apart.
pub(crate) fn cross<E: Numeric>(a: &[E], b: &[E], inner: usize) -> Storage<E> {
    Storage::written(a.len(), |out| {
        let block = (3 * inner).max(1);
        let blocks = out.chunks_exact_mut(block).zip(a.chunks_exact(block).zip(b.chunks_exact(block)));
        for (out, (a, b)) in blocks {
            for row in 0..3 {
                let (j, k) = ((row + 1) % 3 * inner, (row + 2) % 3 * inner);
                for (i, out) in out[row * inner..][..inner].iter_mut().enumerate() {
                    *out = a[j + i] * b[k + i] - a[k + i] * b[j + i];
                }
            }
        }
    })
}
