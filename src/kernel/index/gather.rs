//! Elements picked by indices, and their gradient.
//!
//! The indices are those that [`check`](super::check::check) has seen: each is at least 0 and below the size of the axis.

use super::sums_at_indices::{Start, add};
use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;

/// The element that each index points to.
#[inline(never)]
pub(crate) fn gather<E: Element>(x: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::unspecified(indices.len());
    if indices.is_empty() {
        return out;
    }
    let block = indices.len() / outer;
    let picked = indices.chunks_exact(block).zip(out.make_mut().chunks_exact_mut(block));
    for (x, (indices, out)) in x.chunks_exact(size * inner).zip(picked) {
        if inner == 1 {
            pick(x, indices, out);
            continue;
        }
        for (indices, out) in indices.chunks_exact(inner).zip(out.chunks_exact_mut(inner)) {
            for (i, (index, out)) in indices.iter().zip(out).enumerate() {
                *out = x[*index as usize * inner + i];
            }
        }
    }
    out
}

/// The gradient of [`gather`]: each element is added where it was taken from.
#[inline(never)]
pub(crate) fn gather_back<E: Element>(grad: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E> {
    let mut sums = Storage::unspecified(along.outer * along.size * along.inner);
    if indices.is_empty() {
        sums.make_mut().fill(E::default());
    }
    add(sums, Start::Zeros, along, indices, grad)
}

/// The elements of one lane at the indices, which are checked.
#[inline(always)]
pub(super) fn pick<E: Element>(lane: &[E], indices: &[i64], out: &mut [E]) {
    out.iter_mut().zip(indices).for_each(|(out, index)| *out = lane[*index as usize]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::index::select::{select, select_back};

    const ALONG: AxisLayout = AxisLayout { outer: 2, size: 3, inner: 2 };

    #[test]
    fn gathered_elements_agree_with_the_definition() {
        let x: Vec<i64> = (0..12).collect();
        let indices = [2, 0, 1, 1, 0, 2, 0, 0];
        let got = gather(&x, ALONG, &indices);
        for (at, index) in indices.iter().enumerate() {
            let (o, i) = (at / 4, at % 2);
            assert_eq!(got.as_slice()[at], x[(o * 3 + *index as usize) * 2 + i]);
        }
    }

    #[test]
    fn many_terms_of_one_of_many_sums_are_added_exactly() {
        for size in [2_000, 80_000, 1_000_000] {
            let along = AxisLayout { outer: 2, size, inner: 1 };
            let indices: Vec<i64> = (0..2_000).map(|i| (i % 1_000 % 3 * 7) as i64).collect();
            let grad: Vec<f32> = (0..2_000).map(|i| 0.1 + (i % 13) as f32).collect();
            let got = gather_back(&grad, along, &indices);
            let mut want = vec![0.0_f64; 2 * size];
            for (at, index) in indices.iter().enumerate() {
                want[at / 1_000 * size + *index as usize] += f64::from(grad[at]);
            }
            let want: Vec<f32> = want.iter().map(|sum| *sum as f32).collect();
            assert!(got.as_slice() == want, "{size} sums");
        }
    }

    #[test]
    fn index_kernels_of_no_elements() {
        for (outer, size, inner) in [(0, 3, 2), (2, 0, 2), (2, 3, 0)] {
            let along = AxisLayout { outer, size, inner };
            assert_eq!(select::<f32>(&[], along, &[]).len(), 0);
            assert_eq!(gather::<f32>(&[], along, &[]).len(), 0);
            assert_eq!(gather_back::<f32>(&[], along, &[]).len(), 0);
        }
        assert_eq!(select::<f32>(&[], AxisLayout { outer: 2, size: 3, inner: 0 }, &[1]).len(), 0);
        assert_eq!(select_back::<f32>(&[], ALONG, &[]).as_slice(), [0.0; 12]);
    }
}
