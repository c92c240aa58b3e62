//! Copies in another order: the result reads the elements of its source with one stride for each axis.

use super::concat::{LARGE, PART};
use crate::element::Element;
use crate::kernel::gemm::transpose;
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// How a result of `sizes` lies in the memory of its source: element `[i, j, ..]` is at
/// `offset + i * strides[0] + j * strides[1] + ..`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    rank: usize,
    sizes: [usize; View::MAX],
    strides: [isize; View::MAX],
    offset: usize,
}

impl View {
    /// Twice the largest rank: `repeat` splits each axis in two.
    const MAX: usize = 12;

    /// All elements of a tensor of these sizes, in its own order.
    pub(crate) fn of(sizes: &[usize]) -> Self {
        let mut view = View { rank: sizes.len(), sizes: [1; View::MAX], strides: [0; View::MAX], offset: 0 };
        let mut stride = 1;
        for (i, size) in sizes.iter().enumerate().rev() {
            view.sizes[i] = *size;
            view.strides[i] = stride as isize;
            stride *= size;
        }
        view
    }

    /// Two axes exchanged.
    pub(crate) fn swap(mut self, p: usize, q: usize) -> Self {
        self.sizes.swap(p, q);
        self.strides.swap(p, q);
        self
    }

    /// Axis `i` of the result is axis `order[i]` of the source.
    pub(crate) fn permute(self, order: &[usize]) -> Self {
        let mut view = self;
        for (i, axis) in order.iter().enumerate() {
            view.sizes[i] = self.sizes[*axis];
            view.strides[i] = self.strides[*axis];
        }
        view
    }

    /// The axis at position `p` moved to position `q`.
    pub(crate) fn shift(mut self, p: usize, q: usize) -> Self {
        if p <= q {
            self.sizes[p..=q].rotate_left(1);
            self.strides[p..=q].rotate_left(1);
        } else {
            self.sizes[q..=p].rotate_right(1);
            self.strides[q..=p].rotate_right(1);
        }
        self
    }

    /// The axis at position `p` backwards.
    pub(crate) fn flip(mut self, p: usize) -> Self {
        self.offset =
            (self.offset as isize + self.strides[p] * self.sizes[p].saturating_sub(1) as isize) as usize;
        self.strides[p] = -self.strides[p];
        self
    }

    /// A new axis before position `p`, along which the elements repeat `count` times.
    pub(crate) fn repeat(mut self, p: usize, count: usize) -> Self {
        self.sizes[p..=self.rank].rotate_right(1);
        self.strides[p..=self.rank].rotate_right(1);
        self.sizes[p] = count;
        self.strides[p] = 0;
        self.rank += 1;
        self
    }

    fn len(&self) -> usize {
        self.sizes[..self.rank].iter().product()
    }

    /// The same elements with as few axes as possible: those of size 1 go, and neighbors that are one walk in
    /// memory become one axis.
    fn simplified(&self) -> Self {
        let mut view = View { rank: 0, sizes: [1; View::MAX], strides: [0; View::MAX], offset: self.offset };
        for i in 0..self.rank {
            let (size, stride) = (self.sizes[i], self.strides[i]);
            if size == 1 {
                continue;
            }
            if view.rank > 0 && view.strides[view.rank - 1] == stride * size as isize {
                view.sizes[view.rank - 1] *= size;
                view.strides[view.rank - 1] = stride;
            } else {
                view.sizes[view.rank] = size;
                view.strides[view.rank] = stride;
                view.rank += 1;
            }
        }
        if view.rank == 0 {
            view.strides[0] = 1;
            view.rank = 1;
        }
        view
    }

    /// The inverse: the elements of the source in the memory of the result, once for each time that they repeat. All that
    /// is not repeated is walked along once, since views exchange, reverse or repeat axes.
    fn inverse(&self) -> Self {
        let result = View::of(&self.sizes[..self.rank]);
        let mut axes = [0; View::MAX];
        let axes = &mut axes[..self.rank];
        axes.iter_mut().enumerate().for_each(|(i, axis)| *axis = i);
        // The repetitions outermost.
        axes.sort_by_key(|axis| {
            (self.strides[*axis] != 0, std::cmp::Reverse(self.strides[*axis].unsigned_abs()))
        });
        let mut back = result.permute(axes);
        for (p, axis) in axes.iter().enumerate() {
            if self.strides[*axis] < 0 {
                back = back.flip(p);
            }
        }
        back.simplified()
    }

    /// Whether it is a plain copy.
    fn is_copy(&self) -> bool {
        self.rank == 1 && self.strides[0] == 1 && self.offset == 0
    }

    /// Calls `f` with the position of the first element of each row along the last axis.
    fn rows(&self, mut f: impl FnMut(usize)) {
        let outer = self.rank - 1;
        positions(&self.sizes[..outer], [&self.strides[..outer]], [self.offset], |[at]| f(at));
    }

    /// The view without the axis `axis` and without the last one.
    fn of_matrices(mut self, axis: usize) -> Self {
        self.sizes.copy_within(axis + 1..self.rank, axis);
        self.strides.copy_within(axis + 1..self.rank, axis);
        self.rank -= 2;
        self
    }
}

/// Calls `f` for each index of axes of these sizes, in order, with N positions, to each of which an axis adds its strides.
fn positions<const N: usize>(
    sizes: &[usize],
    strides: [&[isize]; N],
    start: [usize; N],
    mut f: impl FnMut([usize; N]),
) {
    let (mut index, mut at) = ([0; View::MAX], start);
    let step = |at: &mut [usize; N], axis: usize, count: isize| {
        for (at, strides) in at.iter_mut().zip(&strides) {
            *at = at.wrapping_add_signed(strides[axis] * count);
        }
    };
    loop {
        f(at);
        // Counts up like an odometer.
        let mut axis = sizes.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            step(&mut at, axis, 1);
            if index[axis] < sizes[axis] {
                break;
            }
            step(&mut at, axis, -(sizes[axis] as isize));
            index[axis] = 0;
        }
    }
}

/// The elements that `view` visits, in order.
#[inline(never)]
pub(crate) fn gather<E: Element>(x: &[E], view: &View) -> Storage<E> {
    let len = view.len();
    let mut out = Storage::unspecified(len);
    if len == 0 {
        return out;
    }
    let view = view.simplified();
    let elements = out.make_mut();
    // Positions of the first axis for a part of about PART elements.
    let inner = len / view.sizes[0];
    let count = (PART / inner).max(1);
    if len < LARGE || count >= view.sizes[0] {
        walk(x, &view, elements);
        return out;
    }
    for_each_chunk(elements, count * inner, |part, out| {
        let mut view = view;
        view.offset = (view.offset as isize + (part * count) as isize * view.strides[0]) as usize;
        view.sizes[0] = out.len() / inner;
        walk(x, &view, out);
    });
    out
}

/// Writes the elements that a view without superfluous axes walks along.
fn walk<E: Element>(x: &[E], view: &View, out: &mut [E]) {
    let last = view.rank - 1;
    if view.strides[last] > 1
        && let Some(row) = (0..last).find(|axis| view.strides[*axis] == 1 && view.sizes[*axis] > 1)
    {
        return transpose_axes(x, view, row, out);
    }
    let (size, stride) = (view.sizes[last], view.strides[last]);
    let mut out_rows = out.chunks_exact_mut(size);
    view.rows(|at| {
        let Some(row) = out_rows.next() else { return };
        match stride {
            1 => row.copy_from_slice(&x[at..at + size]),
            0 => row.fill(x[at]),
            -1 => row.iter_mut().zip(x[at + 1 - size..=at].iter().rev()).for_each(|(out, x)| *out = *x),
            _ => {
                let mut at = at as isize;
                for out in row {
                    *out = x[at as usize];
                    at += stride;
                }
            }
        }
    });
}

/// The axis `row` is contiguous in the source, and the last one in the result: they are the sides of transposed matrices.
fn transpose_axes<E: Element>(x: &[E], view: &View, row: usize, out: &mut [E]) {
    let (last, to) = (view.rank - 1, View::of(&view.sizes[..view.rank]));
    let matrix = [view.sizes[row], view.sizes[last]];
    let (apart, to_row) = (view.strides[last] as usize, to.strides[row] as usize);
    let (view, to) = (view.of_matrices(row), to.of_matrices(row));
    let (sizes, strides) = (&view.sizes[..view.rank], [&view.strides[..view.rank], &to.strides[..view.rank]]);
    positions(sizes, strides, [view.offset, 0], |[from, at]| {
        transpose(matrix, (&x[from..], apart), (&mut out[at..], to_row));
    });
}

/// The sums of what [`gather`] takes from each of `len` elements: its gradient.
#[inline(never)]
pub(crate) fn scatter<E: Element>(grad: &[E], len: usize, view: &View) -> Storage<E> {
    let mut out = Storage::unspecified(len);
    if grad.is_empty() {
        E::sum_rows(grad, out.make_mut());
        return out;
    }
    let back = view.simplified().inverse();
    if grad.len() == len {
        return gather(grad, &back);
    }
    let ordered = if back.is_copy() { None } else { Some(gather(grad, &back)) };
    E::sum_rows(ordered.as_deref().unwrap_or(grad), out.make_mut());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, element-wise.
    fn naive(x: &[f64], view: &View) -> Vec<f64> {
        (0..view.len())
            .map(|mut n| {
                let mut at = view.offset as isize;
                for i in (0..view.rank).rev() {
                    at += (n % view.sizes[i]) as isize * view.strides[i];
                    n /= view.sizes[i];
                }
                x[at as usize]
            })
            .collect()
    }

    fn check(view: View, len: usize) {
        let x: Vec<f64> = (0..len).map(|i| (i * i) as f64 + 1.0).collect();
        let y = gather(&x, &view);
        assert_eq!(y.as_slice(), naive(&x, &view), "{view:?}");
        // The gradient is the adjoint: <gather x, g> = <x, scatter g>.
        let g: Vec<f64> = (0..view.len()).map(|i| (i % 7) as f64 - 2.0).collect();
        let back = scatter(&g, len, &view);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        assert_eq!(dot(y.as_slice(), &g), dot(&x, back.as_slice()), "{view:?}");
    }

    #[test]
    fn each_view_agrees_with_its_definition_and_its_adjoint() {
        for sizes in [&[2, 3, 4, 5][..], &[1, 3, 1, 4], &[37, 3, 19], &[33, 50]] {
            let len = sizes.iter().product();
            let last = sizes.len() - 1;
            check(View::of(sizes), len);
            if last >= 2 {
                check(View::of(&sizes[..3]).permute(&[2, 0, 1]), sizes[..3].iter().product());
            }
            for p in 0..=last {
                check(View::of(sizes).flip(p), len);
                check(View::of(sizes).repeat(p, 3), len);
                for q in 0..=last {
                    check(View::of(sizes).swap(p, q), len);
                    check(View::of(sizes).shift(p, q), len);
                    check(View::of(sizes).swap(p, q).flip(p).repeat(q, 2), len);
                }
            }
        }
        check(View::of(&[2, 3, 4]).permute(&[2, 0, 1]), 24);
        check(View::of(&[]), 1);
    }

    #[test]
    fn strided_copies_of_no_elements() {
        let view = View::of(&[0, 3]).swap(0, 1);
        assert!(gather::<f32>(&[], &view).as_slice().is_empty());
        assert!(scatter::<f32>(&[], 0, &view).as_slice().is_empty());
        assert!(gather::<f32>(&[], &View::of(&[0, 3]).flip(0)).as_slice().is_empty());
    }
}
