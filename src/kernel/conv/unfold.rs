//! im2col and its adjoint: the windows of planes as columns, and columns added up to planes.

use crate::element::{Element, Numeric};
use crate::kernel::axis::lanes::parts;
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
        self.kernel * self.kernel * self.places[0] * self.places[1]
    }

    /// The positions along an axis where the element `tap` of the window lies inside, and the position of the first one.
    fn inside(&self, axis: usize, tap: usize) -> (std::ops::Range<usize>, usize) {
        let (shift, stride) = (tap * self.dilation, self.stride);
        let first = self.padding.saturating_sub(shift).div_ceil(stride);
        let last = (self.image[axis] + self.padding).saturating_sub(shift).div_ceil(stride);
        let last = last.min(self.places[axis]).max(first);
        (first..last, (first * stride + shift).saturating_sub(self.padding))
    }

    /// Calls `f` with the index among the columns and that in the plane of each element of a window that is inside.
    fn visit(&self, mut f: impl FnMut(usize, usize)) {
        let [high, wide] = self.places;
        for i in 0..self.kernel {
            let (rows, y) = self.inside(0, i);
            for j in 0..self.kernel {
                let (columns, x) = self.inside(1, j);
                for (n, row) in rows.clone().enumerate() {
                    let from = (y + n * self.stride) * self.image[1] + x;
                    let to = ((i * self.kernel + j) * high + row) * wide;
                    for (n, column) in columns.clone().enumerate() {
                        f(to + column, from + n * self.stride);
                    }
                }
            }
        }
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
                    sizes.visit(|to, from| out[to] = x[from]);
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
            parts(out, plane, sizes.kernel * sizes.kernel, |at, out| {
                for (out, x) in
                    out.chunks_exact_mut(plane).zip(x[at / plane * columns..].chunks_exact(columns))
                {
                    sizes.visit(|from, to| out[to] += x[from]);
                }
            });
        }
    })
}
