//! Images read between their pixels: at each position up to four neighbors with weights, the same for all channels.

use crate::element::Float;
use crate::kernel::axis::lanes::for_each_part;
use crate::storage::Storage;

/// How a position between pixels is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Bilinear,
    Nearest,
}

/// The elements outside of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    Zeros,
    Border,
    Reflection,
}

/// The sizes of the images, the number of positions of a grid, and the options.
#[derive(Clone, Copy, Debug)]
pub struct Sampling {
    pub(crate) batch: usize,
    pub(crate) channels: usize,
    pub(crate) image: [usize; 2],
    pub(crate) places: usize,
    pub(crate) mode: Mode,
    pub(crate) outside: Outside,
    pub(crate) align_corners: bool,
}

/// A neighbor of a position: its index in the plane, its weight, and the derivatives of the weight along x and y.
#[derive(Clone, Copy)]
pub(super) struct Neighbor<E> {
    pub(super) at: Option<usize>,
    pub(super) weight: E,
    pub(super) derivatives: [E; 2],
}

impl Sampling {
    pub(super) fn plane(&self) -> usize {
        self.image[0] * self.image[1]
    }

    /// The positions of one image.
    fn grid_of<'a, E>(&self, grid: &'a [E], image: usize) -> &'a [[E; 2]] {
        grid[image * self.places * 2..][..self.places * 2].as_chunks().0
    }

    /// A coordinate from -1 to 1 in pixels along an axis of `size` of them, and its derivative.
    #[inline(always)]
    fn position<E: Float>(&self, x: E, size: usize) -> (E, E) {
        let (size, one, two) = (E::from_f64(size as f64), E::one(), E::one() + E::one());
        let half = E::from_f64(0.5);
        let (x, derivative) = if self.align_corners {
            ((x + one) * half * (size - one), (size - one) * half)
        } else {
            (((x + one) * size - one) * half, size * half)
        };
        match self.outside {
            Outside::Zeros => (x, derivative),
            Outside::Border => clipped(x, derivative, size),
            Outside::Reflection => {
                let (low, high) = if self.align_corners {
                    (E::zero(), two * (size - one))
                } else {
                    (-one, two * size - one)
                };
                let (x, derivative) = reflected(x, derivative, low / two, high / two);
                clipped(x, derivative, size)
            }
        }
    }

    /// The positions that are not finite, where neighbors have no weights: the result is NaN, as in PyTorch.
    fn without_weights<'a, E: Float>(
        &self,
        grid: &'a [[E; 2]],
    ) -> impl Iterator<Item = (usize, [E; 2])> + use<'a, E> {
        let weighted = self.mode == Mode::Bilinear && self.outside == Outside::Zeros;
        let grid = if weighted { grid } else { &[] };
        let finite = |[x, y]: [E; 2]| x.is_finite() && y.is_finite();
        grid.iter().copied().enumerate().filter(move |(_, place)| !finite(*place))
    }

    /// The neighbors of a position.
    #[inline(always)]
    pub(super) fn neighbors<E: Float>(&self, [x, y]: [E; 2]) -> [Neighbor<E>; 4] {
        let [high, wide] = self.image;
        let ((x, derivative_x), (y, derivative_y)) = (self.position(x, wide), self.position(y, high));
        if self.mode == Mode::Nearest {
            let even = |x: E| x.as_f64().round_ties_even();
            let none = Neighbor { at: None, weight: E::zero(), derivatives: [E::zero(); 2] };
            let [at, ..] = self.inside(even(x), even(y));
            return [Neighbor { at, weight: E::one(), ..none }, none, none, none];
        }
        let (left, top) = (x.floor(), y.floor());
        let (from_left, from_top) = (x - left, y - top);
        let (to_right, to_bottom) = (left + E::one() - x, top + E::one() - y);
        let at = self.inside(left.as_f64(), top.as_f64());
        [
            Neighbor {
                at: at[0],
                weight: to_right * to_bottom,
                derivatives: [-to_bottom * derivative_x, -to_right * derivative_y],
            },
            Neighbor {
                at: at[1],
                weight: from_left * to_bottom,
                derivatives: [to_bottom * derivative_x, -from_left * derivative_y],
            },
            Neighbor {
                at: at[2],
                weight: to_right * from_top,
                derivatives: [-from_top * derivative_x, to_right * derivative_y],
            },
            Neighbor {
                at: at[3],
                weight: from_left * from_top,
                derivatives: [from_top * derivative_x, from_left * derivative_y],
            },
        ]
    }

    /// Where in the plane the pixel at a whole place is, and those to the right of it, below it, and below and to the right; if they
    /// are inside.
    #[inline(always)]
    fn inside(&self, x: f64, y: f64) -> [Option<usize>; 4] {
        let [high, wide] = self.image;
        let within = |x: f64, size: usize| 0.0 <= x && x < size as f64;
        let (left, right) = (within(x, wide), within(x + 1.0, wide));
        let (top, bottom) = (within(y, high), within(y + 1.0, high));
        // The first pixel may be outside, where the others are not.
        let at = (y as i64).wrapping_mul(wide as i64).wrapping_add(x as i64);
        let pixel = |inside: bool, add: usize| inside.then(|| at.wrapping_add(add as i64) as usize);
        [
            pixel(top && left, 0),
            pixel(top && right, 1),
            pixel(bottom && left, wide),
            pixel(bottom && right, wide + 1),
        ]
    }
}

/// A position that does not leave the axis; the derivative is 0 at an end.
#[inline(always)]
fn clipped<E: Float>(x: E, derivative: E, size: E) -> (E, E) {
    let last = size - E::one();
    if x <= E::zero() || x.is_nan() {
        (E::zero(), E::zero()) // NaN is -1, as in PyTorch
    } else if x >= last {
        (last, E::zero())
    } else {
        (x, derivative)
    }
}

/// A position that turns round at both ends.
#[inline(always)]
fn reflected<E: Float>(x: E, derivative: E, low: E, high: E) -> (E, E) {
    let span = high - low;
    if span <= E::zero() {
        return (E::zero(), E::zero());
    }
    let (x, derivative) = if x < low { (low - x, -derivative) } else { (x - low, derivative) };
    let (rest, turns) = (x % span, (x / span).floor());
    if turns % (E::one() + E::one()) == E::zero() {
        (rest + low, derivative)
    } else {
        (span - rest + low, -derivative)
    }
}

/// The images at the positions of their grids: `[B, C, places]`.
#[inline(never)]
pub(crate) fn sample<E: Float>(x: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let (image, result) = (sizes.channels * sizes.plane(), (sizes.channels * sizes.places).max(1));
    Storage::written(sizes.batch * sizes.channels * sizes.places, |out| {
        for_each_part(out, result, 4, |at, out| {
            for (b, out) in (at / result..).zip(out.chunks_exact_mut(result)) {
                E::sample(&x[b * image..][..image], sizes.grid_of(grid, b), sizes, out);
                for (p, _) in sizes.without_weights(sizes.grid_of(grid, b)) {
                    out.iter_mut().skip(p).step_by(sizes.places).for_each(|y| *y = E::nan());
                }
            }
        });
    })
}

/// The gradient of the images.
#[inline(never)]
pub(crate) fn image_gradient<E: Float>(g: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let (image, result) = ((sizes.channels * sizes.plane()).max(1), sizes.channels * sizes.places);
    Storage::written(sizes.batch * sizes.channels * sizes.plane(), |out| {
        for_each_part(out, image, 4, |at, out| {
            for (b, out) in (at / image..).zip(out.chunks_exact_mut(image)) {
                E::sample_back(&g[b * result..][..result], sizes.grid_of(grid, b), sizes, out);
            }
        });
    })
}

/// The gradient of the grids.
#[inline(never)]
pub(crate) fn grid_gradient<E: Float>(g: &[E], x: &[E], grid: &[E], sizes: &Sampling) -> Storage<E> {
    let (image, result) = (sizes.channels * sizes.plane(), sizes.channels * sizes.places);
    let block = (sizes.places * 2).max(1);
    Storage::written(sizes.batch * sizes.places * 2, |out| {
        for_each_part(out, block, 4 * sizes.channels, |at, out| {
            for (b, out) in (at / block..).zip(out.chunks_exact_mut(block)) {
                let (g, x) = (&g[b * result..][..result], &x[b * image..][..image]);
                E::sample_back_to_grid(g, x, sizes.grid_of(grid, b), sizes, out);
                for (p, [x, y]) in sizes.without_weights(sizes.grid_of(grid, b)) {
                    // The derivative along an axis has the weights of the other one.
                    for (of, other) in [(2 * p, y), (2 * p + 1, x)] {
                        out[of] = if other.is_finite() { out[of] } else { E::nan() };
                    }
                }
            }
        });
    })
}
