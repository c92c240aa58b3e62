//! More elements at the two ends of an axis.

use crate::element::Element;
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;

/// What the new elements are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge<E> {
    /// One value.
    Constant(E),
    /// Those beside the end, mirrored at it; the end itself is not repeated.
    Reflect,
    /// The end, repeated.
    Replicate,
}

impl<E> Edge<E> {
    /// The index, along an axis of length `size`, of the element that the new one at `i` (left of 0, or from
    /// `size` on) is a copy of.
    fn source(&self, i: isize, size: usize) -> Option<usize> {
        let last = size as isize - 1;
        match self {
            Edge::Constant(_) => None,
            Edge::Reflect if i < 0 => Some(-i as usize),
            Edge::Reflect => Some((2 * last - i) as usize),
            Edge::Replicate => Some(i.clamp(0, last) as usize),
        }
    }
}

/// The new places, from 0, with the index along the old axis that each stands for.
fn places(size: usize, left: usize, right: usize) -> impl Iterator<Item = (usize, isize)> {
    (0..left).chain(left + size..left + size + right).map(move |i| (i, i as isize - left as isize))
}

/// The axis with `left` elements in front and `right` behind.
#[inline(never)]
pub(crate) fn pad<E: Element>(
    x: &[E],
    along: AxisLayout,
    [left, right]: [usize; 2],
    edge: Edge<E>,
) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let row = (left + size + right) * inner;
    if size * inner == 0 || outer == 0 {
        let fill = if let Edge::Constant(value) = edge { value } else { E::default() };
        return Storage::filled(outer * row, fill);
    }
    Storage::written(outer * row, |out| {
        for (out, x) in out.chunks_exact_mut(row).zip(x.chunks_exact(size * inner)) {
            out[left * inner..(left + size) * inner].copy_from_slice(x);
            if let Edge::Constant(value) = edge {
                out[..left * inner].fill(value);
                out[(left + size) * inner..].fill(value);
                continue;
            }
            for (place, index) in places(size, left, right) {
                if let Some(source) = edge.source(index, size) {
                    let source = &x[source * inner..(source + 1) * inner];
                    out[place * inner..(place + 1) * inner].copy_from_slice(source);
                }
            }
        }
    })
}

/// The gradient of [`pad`], where `along` is the axis before.
#[inline(never)]
pub(crate) fn unpad<E: Element>(
    grad: &[E],
    along: AxisLayout,
    [left, right]: [usize; 2],
    edge: Edge<E>,
) -> Storage<E> {
    let AxisLayout { outer, size, inner } = along;
    let row = (left + size + right) * inner;
    let mut out = Storage::unspecified(outer * size * inner);
    if size * inner == 0 {
        return out;
    }
    for (out, grad) in out.make_mut().chunks_exact_mut(size * inner).zip(grad.chunks_exact(row)) {
        out.copy_from_slice(&grad[left * inner..(left + size) * inner]);
        for (place, index) in places(size, left, right) {
            if let Some(source) = edge.source(index, size) {
                let sum = &mut out[source * inner..(source + 1) * inner];
                E::accumulate(sum, &grad[place * inner..(place + 1) * inner]);
            }
        }
    }
    out
}
