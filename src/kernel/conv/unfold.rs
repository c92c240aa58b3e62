//! im2col and its adjoint: the windows of planes as columns, and columns added up to planes.

use super::pool::Moving;
use crate::element::{Element, Numeric};
use crate::kernel::axis::lanes::for_each_part;
use crate::kernel::axis::long_sums::LongSums;
use crate::storage::Storage;

/// Planes, and a window that moves over their rows and columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unfolding {
    pub(crate) planes: usize,
    pub(crate) axes: [Moving; 2],
}

/// The positions along an axis where the element `tap` of the window lies inside, and the position of the first one.
fn inside(axis: &Moving, tap: usize) -> (std::ops::Range<usize>, usize) {
    let (shift, stride) = (tap * axis.dilation, axis.stride);
    let first = axis.padding.saturating_sub(shift).div_ceil(stride);
    let last = (axis.input + axis.padding).saturating_sub(shift).div_ceil(stride);
    let last = last.min(axis.output).max(first);
    (first..last, (first * stride + shift).saturating_sub(axis.padding))
}

impl Unfolding {
    fn plane(&self) -> usize {
        self.axes[0].input * self.axes[1].input
    }

    /// The number of elements of the columns of a plane.
    fn columns(&self) -> usize {
        self.taps() * self.axes[0].output * self.axes[1].output
    }

    /// Calls `f` for an element of the window with the index among the columns and that in the plane, wherever it is inside.
    fn visit(&self, tap: usize, mut f: impl FnMut(usize, usize)) {
        let [high, wide] = &self.axes;
        let (rows, y) = inside(high, tap / wide.kernel);
        let (columns, x) = inside(wide, tap % wide.kernel);
        for (n, row) in rows.enumerate() {
            let from = (y + n * high.stride) * wide.input + x;
            let to = (tap * high.output + row) * wide.output;
            for (n, column) in columns.clone().enumerate() {
                f(to + column, from + n * wide.stride);
            }
        }
    }

    /// The number of elements of the window.
    fn taps(&self) -> usize {
        self.axes[0].kernel * self.axes[1].kernel
    }
}

/// The windows of each plane as columns: `[planes, KH KW, places]`; 0 in the padding.
#[inline(never)]
pub(crate) fn unfold<E: Element>(x: &[E], sizes: &Unfolding) -> Storage<E> {
    let (plane, columns) = (sizes.plane(), sizes.columns());
    Storage::written(sizes.planes * columns, |out| {
        out.fill(E::default());
        if plane > 0 && columns > 0 {
            for_each_part(out, columns, 1, |at, out| {
                for (out, x) in
                    out.chunks_exact_mut(columns).zip(x[at / columns * plane..].chunks_exact(plane))
                {
                    (0..sizes.taps()).for_each(|tap| sizes.visit(tap, |to, from| out[to] = x[from]));
                }
            });
        }
    })
}

/// The sum of the columns at each element of the planes: the adjoint of [`unfold`].
#[inline(never)]
pub(crate) fn fold<E: Numeric>(x: &[E], sizes: &Unfolding) -> Storage<E> {
    let (plane, columns) = (sizes.plane(), sizes.columns());
    Storage::written(sizes.planes * plane, |out| {
        out.fill(E::zero());
        if plane > 0 && columns > 0 {
            for_each_part(out, plane, sizes.taps(), |at, out| {
                for (out, x) in
                    out.chunks_exact_mut(plane).zip(x[at / plane * columns..].chunks_exact(columns))
                {
                    // Each of them lies over an element once at most.
                    let mut sums = LongSums::new(out);
                    for tap in 0..sizes.taps() {
                        let out = sums.more(1);
                        sizes.visit(tap, |from, to| out[to] += x[from]);
                    }
                    sums.finish();
                }
            });
        }
    })
}
