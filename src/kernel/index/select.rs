//! Rows picked by a list of indices, and their gradient.
//!
//! The indices are those that [`check`](super::check::check) has seen: each is at least 0 and below the size of the axis.

use super::gather::pick;
use super::sums_at_indices::Start;
use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::storage::Storage;

/// The rows of an axis in the order of `indices`: one list for the whole tensor.
#[inline(never)]
pub(crate) fn select<E: Element>(x: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut out = Storage::unspecified(outer * indices.len() * inner);
    if inner > 0 && !indices.is_empty() {
        for (o, block) in out.make_mut().chunks_mut(indices.len() * inner).enumerate() {
            if inner == 1 {
                pick(&x[o * size..][..size], indices, block);
                continue;
            }
            for (row, index) in block.chunks_mut(inner).zip(indices) {
                let at = (o * size + *index as usize) * inner;
                row.copy_from_slice(&x[at..at + inner]);
            }
        }
    }
    out
}

/// Up to this number, terms are added in sequence; more are added with compensation.
const FEW: usize = 64;

/// The gradient of [`select`]: the sum of the rows that were taken from each position.
#[inline(never)]
pub(crate) fn select_back<E: Element>(grad: &[E], along: AxisLayout, indices: &[i64]) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let mut sums = Storage::unspecified(outer * size * inner);
    if sums.is_empty() {
        return sums;
    }
    // The rows of each position, in order: those of position i end where those of i + 1 begin.
    let (mut ends, mut rows) = (Storage::filled(size + 1, 0_i64), Storage::unspecified(indices.len()));
    let (ends, rows) = (ends.make_mut(), rows.make_mut());
    indices.iter().for_each(|index| ends[*index as usize + 1] += 1);
    if inner == 1 && ends.iter().all(|count| *count <= FEW as i64) {
        // In their order each sum has its terms in order.
        lanes::for_each_part(sums.make_mut(), size, 1, |at, out| {
            out.fill(E::default());
            let grad = &grad[at / size * indices.len()..];
            for (out, grad) in out.chunks_exact_mut(size).zip(grad.chunks_exact(indices.len().max(1))) {
                E::add_picked(out, Start::Own, [size, indices.len()], false, 1, (indices, grad));
            }
        });
        return sums;
    }
    (0..size).for_each(|i| ends[i + 1] += ends[i]);
    for (row, index) in (0_i64..).zip(indices) {
        let end = &mut ends[*index as usize];
        rows[*end as usize] = row;
        *end += 1;
    }
    let (ends, rows) = (&*ends, &*rows);
    if inner == 1 {
        lanes::for_each_part(sums.make_mut(), size, 1, |at, out| {
            for (o, out) in (at / size..).zip(out.chunks_exact_mut(size)) {
                E::sums_of_picked(&grad[o * indices.len()..][..indices.len()], (ends, rows), FEW, out);
            }
        });
        return sums;
    }
    lanes::for_each_part(sums.make_mut(), inner, 1, |at, out| {
        let mut errors = Storage::unspecified(inner);
        for (place, sum) in (at / inner..).zip(out.chunks_exact_mut(inner)) {
            let (o, i) = (place / size, place % size);
            let begin = if i == 0 { 0 } else { ends[i - 1] as usize };
            let rows = rows[begin..ends[i] as usize]
                .iter()
                .map(|row| &grad[(o * indices.len() + *row as usize) * inner..][..inner]);
            sum.fill(E::default());
            if rows.len() <= FEW {
                rows.for_each(|row| E::accumulate(sum, row));
            } else {
                let errors = errors.make_mut();
                errors.fill(E::default());
                rows.for_each(|row| E::accumulate_exactly(sum, errors, row));
                E::accumulate(sum, errors);
            }
        }
    });
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALONG: AxisLayout = AxisLayout { outer: 2, size: 3, inner: 2 };

    #[test]
    fn selected_rows_agree_with_the_definition() {
        let x: Vec<i64> = (0..12).collect();
        let indices = [2, 0, 2, 1];
        let got = select(&x, ALONG, &indices);
        for o in 0..2 {
            for (k, index) in indices.iter().enumerate() {
                for i in 0..2 {
                    let want = x[(o * 3 + *index as usize) * 2 + i];
                    assert_eq!(got.as_slice()[(o * 4 + k) * 2 + i], want);
                }
            }
        }
    }
}
