//! Elements put in or added at indices, and their gradients.
//!
//! The indices are those that [`check`](super::check::check) has seen: each is at least 0 and below the size of the axis.

use super::sums_at_indices::{Start, add};
use crate::element::{Element, Numeric};
use crate::kernel::axis::axis::AxisLayout;
use crate::storage::Storage;

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
