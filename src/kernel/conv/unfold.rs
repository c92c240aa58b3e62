//! im2col and its adjoint: the windows of planes as columns, and columns added up to planes.

use crate::element::{Element, Numeric};
use crate::kernel::axis::lanes::parts;
use crate::kernel::axis::long_sums::LongSums;
use crate::storage::Storage;

/// Planes, and a square window that moves over them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unfolding {
    pub(crate) planes: usize,
    pub(crate) image: [usize; 2],
    pub(crate) places: [usize; 2],
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: usize,
    pub(crate) dilation: usize,
}

impl Unfolding {
    fn plane(&self) -> usize {
        self.image[0] * self.image[1]
    }

    /// The number of elements of the columns of a plane.
    fn columns(&self) -> usize {
        self.taps() * self.places[0] * self.places[1]
    }

    /// The positions along an axis where the element `tap` of the window lies inside, and the position of the first one.
    fn inside(&self, axis: usize, tap: usize) -> (std::ops::Range<usize>, usize) {
        let (shift, stride) = (tap * self.dilation, self.stride);
        let first = self.padding.saturating_sub(shift).div_ceil(stride);
        let last = (self.image[axis] + self.padding).saturating_sub(shift).div_ceil(stride);
        let last = last.min(self.places[axis]).max(first);
        (first..last, (first * stride + shift).saturating_sub(self.padding))
    }

    /// Calls `f` for an element of the window with the index among the columns and that in the plane, wherever it is inside.
    fn visit(&self, tap: usize, mut f: impl FnMut(usize, usize)) {
        let [high, wide] = self.places;
        let (rows, y) = self.inside(0, tap / self.kernel);
        let (columns, x) = self.inside(1, tap % self.kernel);
        for (n, row) in rows.enumerate() {
            let from = (y + n * self.stride) * self.image[1] + x;
            let to = (tap * high + row) * wide;
            for (n, column) in columns.clone().enumerate() {
                f(to + column, from + n * self.stride);
            }
        }
    }

    /// The number of elements of the window.
    fn taps(&self) -> usize {
        self.kernel * self.kernel
    }
}

/// The windows of each plane as columns: `[planes, K K, places]`; 0 in the padding.
#[inline(never)]
pub(crate) fn unfold<E: Element>(x: &[E], sizes: &Unfolding) -> Storage<E> {
    let (plane, columns) = (sizes.plane(), sizes.columns());
    Storage::written(sizes.planes * columns, |out| {
        out.fill(E::default());
        if plane > 0 && columns > 0 {
            parts(out, columns, 1, |at, out| {
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
            parts(out, plane, sizes.taps(), |at, out| {
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
