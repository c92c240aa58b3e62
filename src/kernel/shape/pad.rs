//! More elements at the two ends of an axis.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::long_sums::FEW;
use crate::storage::Storage;

/// The elements that new ones are copies of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    /// Those beside the end, mirrored at it; the end itself is not repeated.
    Reflect,
    /// The end, repeated.
    Replicate,
    /// Those of the other end, as if the axis were a ring.
    Circular,
}

impl Edge {
    /// The index, along an axis of length `size`, of the element that the new one at `i` (left of 0, or from
    /// `size` on) is a copy of.
    fn source(self, i: isize, size: usize) -> usize {
        let last = size as isize - 1;
        match self {
            Edge::Reflect if i < 0 => -i as usize,
            Edge::Reflect => (2 * last - i) as usize,
            Edge::Replicate => i.clamp(0, last) as usize,
            Edge::Circular => i.rem_euclid(last + 1) as usize,
        }
    }
}

/// The positions that are new, from 0, with the index along the old axis that each stands for.
fn places(size: usize, [left, right]: [isize; 2]) -> impl Iterator<Item = (usize, isize)> {
    let size = size as isize;
    (-left..0).chain(size..size + right).map(move |i| ((i + left) as usize, i))
}

/// The elements of the old axis that stay, and where the first of them is afterwards. Negative amounts take elements
/// away; both ends together take at most `size`.
fn kept(size: usize, [left, right]: [isize; 2]) -> (std::ops::Range<usize>, usize) {
    let first = left.min(0).unsigned_abs();
    (first..size - right.min(0).unsigned_abs(), left.max(0) as usize)
}

/// The axis with copies in front of it and after it, or without some of its elements where the amounts are negative.
#[inline(never)]
pub(crate) fn pad<E: Element>(x: &[E], along: AxisLayout, amounts: [isize; 2], edge: Edge) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let row = size.strict_add_signed(amounts[0] + amounts[1]) * inner;
    if size * inner * row == 0 || outer == 0 {
        return Storage::filled(outer * row, E::default());
    }
    let (kept, to) = kept(size, amounts);
    // The same for each block: where new elements are, and what they are copies of.
    let mut copies = Storage::unspecified(2 * (amounts[0].max(0) + amounts[1].max(0)).unsigned_abs());
    let pairs = copies.make_mut().as_chunks_mut::<2>().0;
    for (pair, (place, index)) in pairs.iter_mut().zip(places(size, amounts)) {
        *pair = [place as i64, edge.source(index, size) as i64];
    }
    let copies = pairs.iter().map(|[place, source]| (*place as usize, *source as usize));
    Storage::written(outer * row, |out| {
        for (out, x) in out.chunks_exact_mut(row).zip(x.chunks_exact(size * inner)) {
            out[to * inner..(to + kept.len()) * inner]
                .copy_from_slice(&x[kept.start * inner..kept.end * inner]);
            if inner == 1 {
                // No call of a copy for one element.
                copies.clone().for_each(|(place, source)| out[place] = x[source]);
            } else {
                for (place, source) in copies.clone() {
                    let source = &x[source * inner..(source + 1) * inner];
                    out[place * inner..(place + 1) * inner].copy_from_slice(source);
                }
            }
        }
    })
}

/// Three axes, the last one first, with elements of one value at their ends, or without some of theirs where amounts are negative.
/// Both at once: rows are copied, and what lies between them is filled.
#[inline(never)]
pub(crate) fn pad_by_value<E: Element>(
    x: &[E],
    outer: usize,
    sizes: [usize; 3],
    amounts: [[isize; 2]; 3],
    value: E,
) -> Storage<E> {
    let [width, lines, planes] = std::array::from_fn(|i| sizes[i].strict_add_signed(amounts[i].iter().sum()));
    let [(columns, left), (rows, above), (layers, before)] =
        std::array::from_fn(|i| kept(sizes[i], amounts[i]));
    Storage::written(outer * planes * lines * width, |out| {
        let mut end = 0;
        if !columns.is_empty() {
            for (o, plane) in (0..outer).flat_map(|o| layers.clone().map(move |plane| (o, plane))) {
                let to = (o * planes + before + plane - layers.start) * lines + above;
                let from = (o * sizes[2] + plane) * sizes[1];
                for (line, row) in (to..).zip(rows.clone()) {
                    let (start, source) = (line * width + left, (from + row) * sizes[0]);
                    out[end..start].fill(value);
                    end = start + columns.len();
                    out[start..end].copy_from_slice(&x[source + columns.start..source + columns.end]);
                }
            }
        }
        out[end..].fill(value);
    })
}

/// The gradient of [`pad`], where `along` is the axis before.
#[inline(never)]
pub(crate) fn unpad<E: Element>(
    grad: &[E],
    along: AxisLayout,
    amounts: [isize; 2],
    edge: Edge,
) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let row = size.strict_add_signed(amounts[0] + amounts[1]) * inner;
    let mut out = Storage::filled(outer * size * inner, E::default());
    if size * inner * row == 0 {
        return out;
    }
    let (kept, to) = kept(size, amounts);
    // An end that is repeated has a term of each copy.
    let is_long = amounts[0].max(0) + amounts[1].max(0) >= FEW as isize;
    let mut errors = vec![E::default(); if is_long { size * inner } else { 0 }];
    for (out, grad) in out.make_mut().chunks_exact_mut(size * inner).zip(grad.chunks_exact(row)) {
        out[kept.start * inner..kept.end * inner]
            .copy_from_slice(&grad[to * inner..(to + kept.len()) * inner]);
        for (place, index) in places(size, amounts) {
            let source = edge.source(index, size);
            let row = source * inner..(source + 1) * inner;
            let terms = &grad[place * inner..(place + 1) * inner];
            if is_long {
                E::accumulate_exactly(&mut out[row.clone()], &mut errors[row], terms);
            } else {
                E::accumulate(&mut out[row], terms);
            }
        }
        // The sums are the nearest numbers to themselves and their errors.
        errors.fill(E::default());
    }
    out
}
