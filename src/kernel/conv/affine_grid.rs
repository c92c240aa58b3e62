//! Affine maps of the pixels of images, and the gradients of the maps.

use crate::element::Float;
use crate::kernel::axis::long_sums::LongSums;
use crate::storage::Storage;

/// The positions of the pixels of an image.
#[derive(Clone, Copy, Debug)]
pub struct Pixels {
    pub(crate) image: [usize; 2],
    pub(crate) align_corners: bool,
}

impl Pixels {
    /// The coordinate of pixel `i` of `size`, from -1 to 1.
    fn coordinate<E: Float>(&self, i: usize, size: usize) -> E {
        let (place, size) = (i as f64, size as f64);
        E::from_f64(if !self.align_corners {
            (2.0 * place + 1.0) / size - 1.0
        } else if size > 1.0 {
            2.0 * place / (size - 1.0) - 1.0
        } else {
            0.0
        })
    }

    /// (x, y, 1) of each pixel, row by row.
    fn all<E: Float>(self) -> impl Iterator<Item = [E; 3]> {
        let [high, wide] = self.image;
        (0..high * wide)
            .map(move |i| [self.coordinate(i % wide, wide), self.coordinate(i / wide, high), E::one()])
    }
}

/// The position of each pixel after each of some maps of six numbers: `len` coordinates.
pub(crate) fn affine_grid<E: Float>(maps: &[E], pixels: Pixels, len: usize) -> Storage<E> {
    let [high, wide] = pixels.image;
    let mut grid = Storage::unspecified(len);
    let grids = grid.make_mut().chunks_mut((2 * high * wide).max(1));
    for (grid, map) in grids.zip(maps.as_chunks::<6>().0) {
        for (place, [x, y, one]) in grid.as_chunks_mut::<2>().0.iter_mut().zip(pixels.all::<E>()) {
            *place = [0, 3].map(|row| map[row] * x + map[row + 1] * y + map[row + 2] * one);
        }
    }
    grid
}

/// The gradient of the maps: `len` numbers.
pub(crate) fn affine_grid_backward<E: Float>(grad: &[E], pixels: Pixels, len: usize) -> Storage<E> {
    let [high, wide] = pixels.image;
    let mut sums = Storage::filled(len, E::zero());
    let grids = grad.chunks((2 * high * wide).max(1));
    for (sums, grid) in sums.make_mut().as_chunks_mut::<6>().0.iter_mut().zip(grids) {
        let mut sums = LongSums::new(sums);
        for (g, pixel) in grid.as_chunks::<2>().0.iter().zip(pixels.all::<E>()) {
            for (i, sum) in sums.more(1).iter_mut().enumerate() {
                *sum += g[i / 3] * pixel[i % 3];
            }
        }
        sums.finish();
    }
    sums
}
