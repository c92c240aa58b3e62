//! Images read between their pixels: at each position up to four neighbors with weights, the same for all channels.

use crate::element::Float;
use crate::kernel::axis::lanes::parts;
use crate::storage::Storage;

/// How a position between pixels is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Bilinear,
    Nearest,
}

/// The elements outside of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    Zeros,
    Border,
    Reflection,
}

/// The sizes of the images, the number of positions of a grid, and the options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampling {
    pub(crate) batch: usize,
    pub(crate) channels: usize,
    pub(crate) image: [usize; 2],
    pub(crate) places: usize,
    pub(crate) mode: Mode,
    pub(crate) outside: Outside,
    pub(crate) align_corners: bool,
}

/// A neighbor of a position: its index in the plane, its weight, and the slopes of the weight along x and y.
#[derive(Clone, Copy)]
struct Neighbor<E> {
    at: Option<usize>,
    weight: E,
    slopes: [E; 2],
}

impl Sampling {
    fn plane(&self) -> usize {
        self.image[0] * self.image[1]
    }

    /// A coordinate from -1 to 1 in pixels along an axis of `size` of them, and its slope.
    fn position<E: Float>(&self, x: E, size: usize) -> (E, E) {
        let (size, one, two) = (E::from_f64(size as f64), E::one(), E::one() + E::one());
        let (x, slope) = if self.align_corners {
            ((x + one) / two * (size - one), (size - one) / two)
        } else {
            (((x + one) * size - one) / two, size / two)
        };
        match self.outside {
            Outside::Zeros => (x, slope),
            Outside::Border => clipped(x, slope, size),
            Outside::Reflection => {
                let (low, high) = if self.align_corners {
                    (E::zero(), two * (size - one))
                } else {
                    (-one, two * size - one)
                };
                let (x, slope) = reflected(x, slope, low / two, high / two);
                clipped(x, slope, size)
            }
        }
    }

    /// The neighbors of a position.
    fn neighbors<E: Float>(&self, [x, y]: [E; 2]) -> [Neighbor<E>; 4] {
        let [high, wide] = self.image;
        let ((x, slope_x), (y, slope_y)) = (self.position(x, wide), self.position(y, high));
        let inside = |x: E, y: E| {
            let (x, y) = (x.as_f64(), y.as_f64());
            let inside = x >= 0.0 && y >= 0.0 && x < wide as f64 && y < high as f64;
            inside.then(|| y as usize * wide + x as usize)
        };
        if self.mode == Mode::Nearest {
            let even = |x: E| E::from_f64(x.as_f64().round_ties_even());
            let none = Neighbor { at: None, weight: E::zero(), slopes: [E::zero(); 2] };
            return [Neighbor { at: inside(even(x), even(y)), weight: E::one(), ..none }, none, none, none];
        }
        let (left, top) = (x.floor(), y.floor());
        let (right, bottom) = (left + E::one(), top + E::one());
        let (from_left, from_top) = (x - left, y - top);
        let (to_right, to_bottom) = (right - x, bottom - y);
        [
            Neighbor {
                at: inside(left, top),
                weight: to_right * to_bottom,
                slopes: [-to_bottom * slope_x, -to_right * slope_y],
            },
            Neighbor {
                at: inside(right, top),
                weight: from_left * to_bottom,
                slopes: [to_bottom * slope_x, -from_left * slope_y],
            },
            Neighbor {
                at: inside(left, bottom),
                weight: to_right * from_top,
                slopes: [-from_top * slope_x, to_right * slope_y],
            },
            Neighbor {
                at: inside(right, bottom),
                weight: from_left * from_top,
                slopes: [from_top * slope_x, from_left * slope_y],
            },
        ]
    }

    /// The neighbors of all positions of one image.
    fn all<E: Float>(&self, grid: &[E]) -> Vec<[Neighbor<E>; 4]> {
        grid.as_chunks::<2>().0.iter().map(|place| self.neighbors(*place)).collect()
    }
}

/// A position that does not leave the axis; the slope is 0 at an end.
fn clipped<E: Float>(x: E, slope: E, size: E) -> (E, E) {
    let last = size - E::one();
    if x <= E::zero() {
        (E::zero(), E::zero())
    } else if x >= last {
        (last, E::zero())
    } else {
        (x, slope)
    }
}

/// A position that turns round at both ends.
fn reflected<E: Float>(x: E, slope: E, low: E, high: E) -> (E, E) {
    let span = high - low;
    if span <= E::zero() {
        return (E::zero(), E::zero());
    }
    let (x, slope) = if x < low { (low - x, -slope) } else { (x - low, slope) };
    let (rest, turns) = (x % span, (x / span).floor());
    if turns % (E::one() + E::one()) == E::zero() { (rest + low, slope) } else { (span - rest + low, -slope) }
}

/// The images at the positions of their grids: `[B, C, places]`.
#[inline(never)]
pub(crate) fn sample<E: Float>(x: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let Sampling { channels, places, .. } = *sizes;
    let image = channels * sizes.plane();
    Storage::written(sizes.batch * channels * places, |out| {
        parts(out, (channels * places).max(1), 4, |at, out| {
            for (i, out) in out.chunks_exact_mut((channels * places).max(1)).enumerate() {
                let b = at / (channels * places) + i;
                let neighbors = sizes.all(&grid[b * places * 2..][..places * 2]);
                let planes = x[b * image..][..image].chunks(sizes.plane().max(1));
                for (out, plane) in out.chunks_exact_mut(places).zip(planes.chain(std::iter::repeat(&[][..])))
                {
                    for (out, neighbors) in out.iter_mut().zip(&neighbors) {
                        let inside = neighbors.iter().filter_map(|n| Some(plane[n.at?] * n.weight));
                        *out = inside.fold(E::zero(), |sum, x| sum + x);
                    }
                }
            }
        });
    })
}

/// The gradient of the images.
#[inline(never)]
pub(crate) fn image_gradient<E: Float>(g: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let Sampling { channels, places, .. } = *sizes;
    let image = channels * sizes.plane();
    Storage::written(sizes.batch * image, |out| {
        out.fill(E::zero());
        parts(out, image.max(1), 4, |at, out| {
            for (i, out) in out.chunks_exact_mut(image.max(1)).enumerate() {
                let b = at / image + i;
                let neighbors = sizes.all(&grid[b * places * 2..][..places * 2]);
                let g = g[b * channels * places..][..channels * places].chunks(places.max(1));
                // Any number of positions may be at one element.
                let mut sums = vec![0.0; sizes.plane()];
                for (out, g) in out.chunks_exact_mut(sizes.plane()).zip(g) {
                    sums.fill(0.0);
                    for (g, neighbors) in g.iter().zip(&neighbors) {
                        for (at, weight) in neighbors.iter().filter_map(|n| Some((n.at?, n.weight))) {
                            sums[at] += (*g * weight).as_f64();
                        }
                    }
                    out.iter_mut().zip(&sums).for_each(|(out, sum)| *out = E::from_f64(*sum));
                }
            }
        });
    })
}

/// The gradient of the grids.
#[inline(never)]
pub(crate) fn grid_gradient<E: Float>(g: &[E], x: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let Sampling { channels, places, .. } = *sizes;
    let plane = sizes.plane();
    Storage::written(sizes.batch * places * 2, |out| {
        parts(out, (places * 2).max(1), 4 * channels, |at, out| {
            for (i, slopes) in out.as_chunks_mut::<2>().0.iter_mut().enumerate() {
                let place = at / 2 + i;
                let (b, p) = (place / places, place % places);
                let neighbors = sizes.neighbors([grid[place * 2], grid[place * 2 + 1]]);
                let mut sums = [0.0; 2];
                for c in 0..channels {
                    let g = g[(b * channels + c) * places + p];
                    for (at, n) in neighbors.iter().filter_map(|n| Some((n.at?, n))) {
                        let x = x[(b * channels + c) * plane + at];
                        sums.iter_mut()
                            .zip(n.slopes)
                            .for_each(|(sum, slope)| *sum += (g * x * slope).as_f64());
                    }
                }
                *slopes = sums.map(E::from_f64);
            }
        });
    })
}
