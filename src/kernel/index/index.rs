//! Elements picked by indices, and put back by them.
//!
//! Every kernel here expects indices that [`check`] has seen: each is at least 0 and below the size of the axis.

use super::sums_at_indices::{GROUP, Start};
use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes;
use crate::kernel::elementwise::pointwise::{self, at_level};
use crate::storage::Storage;

/// The kind of index, for the message that names a wrong one.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// The positions of an axis.
    Axis(isize),
    /// All elements, in row-major order.
    Elements,
    /// Classes, which the elements name.
    Classes,
}

/// The position on each axis of the element `at`, in row-major order.
pub(crate) fn position(at: usize, sizes: &[usize]) -> Vec<usize> {
    let (mut position, mut rest) = (vec![0; sizes.len()], at);
    for (place, size) in position.iter_mut().zip(sizes).rev() {
        *place = rest % size;
        rest /= size;
    }
    position
}

#[track_caller]
fn out_of_range(operation: &str, of: Of, size: usize, indices: &[i64], at: usize, sizes: &[usize]) -> ! {
    let (index, position) = (indices[at], position(at, sizes));
    match of {
        Of::Axis(axis) => {
            panic!(
                "{operation}: index {index} at position {position:?} is out of range for axis {axis}, which has size {size}"
            )
        }
        Of::Elements => panic!(
            "{operation}: index {index} at position {position:?} is out of range for a tensor of {size} elements"
        ),
        Of::Classes => panic!(
            "{operation}: class {index} at position {position:?} is out of range: there are {size} classes, 0..{size}"
        ),
    }
}

/// Panics at the caller's line if an index is not a position among `size`. The indices have the shape `sizes`.
#[track_caller]
pub(crate) fn check(operation: &str, of: Of, size: usize, indices: &[i64], sizes: &[usize]) {
    // As an unsigned number, a negative index is larger than every size.
    if let Some(at) = first(indices, |index| index as u64 >= size as u64) {
        out_of_range(operation, of, size, indices, at, sizes);
    }
}

/// Where the first index is that is `wrong`: blocks are searched with vectors, and then the block in which one is.
#[inline(always)]
fn first(indices: &[i64], wrong: impl Fn(i64) -> bool + Copy) -> Option<usize> {
    const BLOCK: usize = 512;
    let block = at_level(
        #[inline(always)]
        || {
            indices.chunks(BLOCK).position(
                #[inline(always)]
                |block| block.iter().fold(false, |any, index| any | wrong(*index)),
            )
        },
    )?;
    let in_block = indices[block * BLOCK..].iter().position(|index| wrong(*index))?;
    Some(block * BLOCK + in_block)
}

/// The same positions counted from the front, where a negative index counts from the back. Panics at the caller's
/// line if one is out of range. The indices have the shape `sizes`.
#[track_caller]
pub(crate) fn from_the_front(
    operation: &str,
    of: Of,
    size: usize,
    indices: &Storage<i64>,
    sizes: &[usize],
) -> Storage<i64> {
    let len = size as i64;
    if let Some(at) = first(indices.as_slice(), |index| (index >= len) | (index < -len)) {
        out_of_range(operation, of, size, indices.as_slice(), at, sizes);
    }
    pointwise::map(indices.clone(), |index| if index < 0 { index + len } else { index })
}

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

/// The elements of one lane at the indices, which [`check`] has seen.
#[inline(always)]
fn pick<E: Element>(lane: &[E], indices: &[i64], out: &mut [E]) {
    out.iter_mut().zip(indices).for_each(|(out, index)| *out = lane[*index as usize]);
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

/// `sums` with each of `terms` added at the position that its index points to.
fn add<E: Element>(
    mut sums: Storage<E>,
    start: Start<'_, E>,
    along: AxisLayout,
    indices: &[i64],
    terms: &[E],
) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let exactly = indices.len() > GROUP * outer * inner;
    let sizes = [size * inner, indices.len() / outer.max(1)];
    E::add_picked(sums.make_mut(), start, sizes, exactly, inner, (indices, terms));
    sums
}

/// `x` with the elements of `src` at the positions that the indices point to; of two at one position, the last.
#[inline(never)]
pub(crate) fn scatter<E: Element>(
    mut x: Storage<E>,
    along: AxisLayout,
    indices: &[i64],
    src: &[E],
) -> Storage<E> {
    if indices.is_empty() {
        return x;
    }
    let AxisLayout { outer, size, inner } = along;
    let block = indices.len() / outer;
    let lanes = indices.chunks_exact(block).zip(src.chunks_exact(block));
    for (out, (indices, src)) in x.make_mut().chunks_exact_mut(size * inner).zip(lanes) {
        if inner == 1 {
            indices.iter().zip(src).for_each(|(index, src)| out[*index as usize] = *src);
            continue;
        }
        for (indices, src) in indices.chunks_exact(inner).zip(src.chunks_exact(inner)) {
            for (i, (index, src)) in indices.iter().zip(src).enumerate() {
                out[*index as usize * inner + i] = *src;
            }
        }
    }
    x
}

/// The gradients of [`scatter`] for `x` and for `src`.
#[inline(never)]
pub(crate) fn scatter_back<E: Element>(
    mut grad: Storage<E>,
    along: AxisLayout,
    indices: &[i64],
) -> (Storage<E>, Storage<E>) {
    let mut src = Storage::unspecified(indices.len());
    if indices.is_empty() {
        return (grad, src);
    }
    let AxisLayout { outer, size, inner } = along;
    let block = indices.len() / outer;
    let lanes = indices.chunks_exact(block).zip(src.make_mut().chunks_exact_mut(block));
    // From the last to the first: what was overwritten later finds its position already empty.
    for (rest, (indices, src)) in grad.make_mut().chunks_exact_mut(size * inner).zip(lanes) {
        if inner == 1 {
            for (src, index) in src.iter_mut().zip(indices).rev() {
                *src = std::mem::take(&mut rest[*index as usize]);
            }
            continue;
        }
        for (src, indices) in src.chunks_exact_mut(inner).zip(indices.chunks_exact(inner)).rev() {
            for (i, (src, index)) in src.iter_mut().zip(indices).enumerate() {
                *src = std::mem::take(&mut rest[*index as usize * inner + i]);
            }
        }
    }
    (grad, src)
}

/// `x` with the elements of `src` added at the positions that the indices point to.
#[inline(never)]
pub(crate) fn scatter_add<E: Numeric>(
    mut x: Storage<E>,
    along: AxisLayout,
    indices: &[i64],
    src: &[E],
) -> Storage<E> {
    if indices.is_empty() || x.unique().is_some() {
        return add(x, Start::Own, along, indices, src);
    }
    add(Storage::unspecified(x.len()), Start::Copy(&x), along, indices, src)
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

    #[test]
    #[should_panic(
        expected = "gather: index 3 at position [0, 2] is out of range for axis -1, which has size 3"
    )]
    fn the_size_itself_is_out_of_range() {
        check("gather", Of::Axis(-1), 3, &[0, 2, 3], &[1, 3]);
    }

    #[test]
    #[should_panic(
        expected = "gather: index -1 at position [0] is out of range for axis 0, which has size 3"
    )]
    fn a_negative_index_is_out_of_range() {
        check("gather", Of::Axis(0), 3, &[-1], &[1]);
    }

    #[test]
    fn a_negative_index_counts_from_the_back_where_it_may() {
        let front = from_the_front("take", Of::Elements, 3, &Storage::from_slice(&[-1, -3, 0, 2]), &[4]);
        assert_eq!(front.as_slice(), [2, 0, 0, 2]);
    }

    #[test]
    #[should_panic(expected = "take: index -4 at position [1, 0] is out of range for a tensor of 3 elements")]
    fn the_index_is_named_as_it_was_given() {
        from_the_front("take", Of::Elements, 3, &Storage::from_slice(&[-3, -4]), &[2, 1]);
    }
}
