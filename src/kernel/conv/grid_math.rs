//! The kernels of `grid_sample`, for one image.
//!
//! Where an image has several channels and is read at many positions, it is copied first so that the channels of a pixel lie side by
//! side: a position is then four vectors with a weight each, whatever neighbors it has.

use super::grid_sample::{Mode, Neighbor, Outside, Sampling};
use crate::kernel::elementwise::float::floor;
use crate::kernel::gemm::transpose;
use crate::kernel::math::Coefficients;
use crate::kernel::math::arithmetic::constant;
use crate::kernel::simd::{Kernel, MOST, Mask, Simd, SimdFloat, Vector, dispatch};
use crate::storage::Storage;

/// The kernels of an element type, compiled in this crate. An image is `[C, H, W]`.
pub trait GridMath: Sized {
    /// The image at each position, `[C, places]`.
    #[doc(hidden)]
    fn sample(x: &[Self], grid: &[[Self; 2]], sizes: &Sampling, out: &mut [Self]);
    /// The gradient of the image.
    #[doc(hidden)]
    fn sample_back(g: &[Self], grid: &[[Self; 2]], sizes: &Sampling, out: &mut [Self]);
    /// The gradient of the positions.
    #[doc(hidden)]
    fn sample_back_to_grid(g: &[Self], x: &[Self], grid: &[[Self; 2]], sizes: &Sampling, out: &mut [Self]);
}

macro_rules! grid_math {
    ($($t:ty),*) => { $(
        impl GridMath for $t {
            fn sample(x: &[$t], grid: &[[$t; 2]], sizes: &Sampling, out: &mut [$t]) {
                dispatch(Sample { x, grid, sizes, out });
            }
            fn sample_back(g: &[$t], grid: &[[$t; 2]], sizes: &Sampling, out: &mut [$t]) {
                dispatch(SampleBack { g, grid, sizes, out });
            }
            fn sample_back_to_grid(
                g: &[$t],
                x: &[$t],
                grid: &[[$t; 2]],
                sizes: &Sampling,
                out: &mut [$t],
            ) {
                dispatch(SampleBackToGrid { g, x, grid, sizes, out });
            }
        }
    )* };
}
grid_math!(f32, f64);

/// The positions that are computed at once, while they are in L1.
const BLOCK: usize = 64;

/// The channels of a pixel are padded to a multiple of this: whole vectors at every level.
const PADDED: usize = 16;

/// From so many channels on they are brought together, unless the positions are few.
const CHANNELS: usize = 3;

impl Sampling {
    /// The elements of a pixel with its channels side by side, if that pays.
    fn pixel(&self) -> Option<usize> {
        let pays = self.channels >= CHANNELS && 4 * self.places >= self.plane() && self.plane() > 0;
        pays.then(|| self.channels.next_multiple_of(PADDED))
    }
}

/// The pixels of an image with their channels side by side, zeros after them, and after the last one a pixel of zeros, which
/// stands for all that are outside.
fn pixels<E: SimdFloat>(sizes: &Sampling, pixel: usize, x: &[E]) -> Storage<E> {
    let plane = sizes.plane();
    let mut pixels = Storage::filled((plane + 1) * pixel, E::ZERO);
    transpose([plane, sizes.channels], (x, plane), (pixels.make_mut(), pixel));
    pixels
}

/// The four neighbors of a position. One that is outside is the pixel after the last one, and has no weight and no derivatives.
#[derive(Clone, Copy)]
struct Corners<E> {
    at: [usize; 4],
    weights: [E; 4],
    /// Of the weights along x, and along y.
    derivatives: [[E; 4]; 2],
}

impl<E: SimdFloat> Corners<E> {
    const NONE: Self = Corners { at: [0; 4], weights: [E::ZERO; 4], derivatives: [[E::ZERO; 4]; 2] };
}

/// The neighbors of each position, of which there are at most [`BLOCK`]; the derivatives of their weights if `DERIVATIVES`.
#[inline(always)]
fn corners_of<S: Simd, E: Coefficients, const DERIVATIVES: bool>(
    sizes: &Sampling,
    grid: &[[E; 2]],
    out: &mut [Corners<E>; BLOCK],
) {
    // The index of a pixel is computed as a float, whose lowest bits are that of an integer.
    const INDEX_BITS: u32 = 22;
    if sizes.mode == Mode::Bilinear && sizes.outside == Outside::Zeros && sizes.plane() < 1 << INDEX_BITS {
        return bilinear_corners::<S, E, DERIVATIVES>(sizes, grid, (1 << INDEX_BITS) - 1, out);
    }
    for (place, out) in grid.iter().zip(out) {
        *out = Corners::NONE;
        for (k, Neighbor { at, weight, derivatives }) in sizes.neighbors(*place).into_iter().enumerate() {
            out.at[k] = at.unwrap_or(sizes.plane());
            if at.is_some() {
                out.weights[k] = weight;
                (out.derivatives[0][k], out.derivatives[1][k]) = (derivatives[0], derivatives[1]);
            }
        }
    }
}

/// As [`Sampling::neighbors`], for as many positions at once as a vector has lanes.
#[inline(always)]
fn bilinear_corners<S: Simd, E: Coefficients, const DERIVATIVES: bool>(
    sizes: &Sampling,
    grid: &[[E; 2]],
    index_bits: u64,
    out: &mut [Corners<E>; BLOCK],
) {
    let [high, wide] = [constant::<E, E::V<S>>(sizes.image[0] as f64), constant(sizes.image[1] as f64)];
    let (zero, one) = (E::V::<S>::zero(), constant::<E, E::V<S>>(1.0));
    let lanes = E::V::<S>::LANES;
    let mut pairs = [E::ZERO; 2 * MOST];
    for (grid, out) in grid.chunks(lanes).zip(out.chunks_mut(lanes)) {
        pairs[..2 * grid.len()].copy_from_slice(grid.as_flattened());
        let (x, y) = E::V::<S>::load(&pairs).unzip(E::V::<S>::load(&pairs[lanes..]));
        let ([x, derivative_x], [y, derivative_y]) = (position(sizes, x, wide), position(sizes, y, high));
        let (left, top) = (floor::<E, E::V<S>>(x), floor::<E, E::V<S>>(y));
        let (from_left, from_top) = (x - left, y - top);
        let (to_right, to_bottom) = (left + one - x, top + one - y);
        let columns = [within(left, wide), within(left + one, wide)];
        let rows = [within(top, high), within(top + one, high)];
        let (first, outside) = (top * wide + left, wide * high);
        let add = [zero, one, wide, wide + one];
        let weights =
            [to_right * to_bottom, from_left * to_bottom, to_right * from_top, from_left * from_top];
        let along_x = [
            -to_bottom * derivative_x,
            to_bottom * derivative_x,
            -from_top * derivative_x,
            from_top * derivative_x,
        ];
        let along_y = [
            -to_right * derivative_y,
            -from_left * derivative_y,
            to_right * derivative_y,
            from_left * derivative_y,
        ];
        for k in 0..4 {
            let inside = rows[k / 2].and(columns[k % 2]);
            let index = E::V::<S>::select(inside, first + add[k], outside);
            let mut lists = [[E::ZERO; MOST]; 4];
            (index + E::V::<S>::splat(E::INTEGER_IN_LOW_BITS)).store(&mut lists[0]);
            E::V::<S>::select(inside, weights[k], zero).store(&mut lists[1]);
            if DERIVATIVES {
                E::V::<S>::select(inside, along_x[k], zero).store(&mut lists[2]);
                E::V::<S>::select(inside, along_y[k], zero).store(&mut lists[3]);
            }
            for (i, out) in out.iter_mut().enumerate().take(grid.len()) {
                out.at[k] = (lists[0][i].integer() & index_bits) as usize;
                out.weights[k] = lists[1][i];
                if DERIVATIVES {
                    (out.derivatives[0][k], out.derivatives[1][k]) = (lists[2][i], lists[3][i]);
                }
            }
        }
    }
}

/// A coordinate from -1 to 1 in pixels along an axis of `size` of them, and its derivative.
#[inline(always)]
fn position<E: Coefficients, V: Vector<E>>(sizes: &Sampling, x: V, size: V) -> [V; 2] {
    let (one, half) = (constant::<E, V>(1.0), constant::<E, V>(0.5));
    if sizes.align_corners {
        [(x + one) * half * (size - one), (size - one) * half]
    } else {
        [((x + one) * size - one) * half, size * half]
    }
}

/// Where a whole coordinate is one of a pixel.
#[inline(always)]
fn within<E: Coefficients, V: Vector<E>>(x: V, size: V) -> V::Mask {
    V::zero().le(x).and(x.lt(size))
}

struct Sample<'a, E> {
    x: &'a [E],
    grid: &'a [[E; 2]],
    sizes: &'a Sampling,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for Sample<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let Sample { x, grid, sizes, out } = self;
        let (plane, places, channels) = (sizes.plane(), sizes.places, sizes.channels);
        let Some(pixel) = sizes.pixel() else {
            for (p, place) in grid.iter().enumerate() {
                let neighbors = sizes.neighbors(*place);
                for c in 0..channels {
                    let mut sum = E::ZERO;
                    for n in &neighbors {
                        if let Some(at) = n.at {
                            sum += x[c * plane + at] * n.weight;
                        }
                    }
                    out[c * places + p] = sum;
                }
            }
            return;
        };
        let lanes = E::V::<S>::LANES;
        let (pixels, mut corners) = (pixels(sizes, pixel, x), [Corners::NONE; BLOCK]);
        let mut results = Storage::unspecified(BLOCK * pixel);
        let results = results.make_mut();
        for (i, block) in grid.chunks(BLOCK).enumerate() {
            corners_of::<S, E, false>(sizes, block, &mut corners);
            for (of, result) in corners[..block.len()].iter().zip(results.chunks_exact_mut(pixel)) {
                let row = |k: usize| pixels[of.at[k] * pixel..][..pixel].chunks_exact(lanes);
                let (above, below) = (row(0).zip(row(1)), row(2).zip(row(3)));
                for (result, ((a, b), (c, d))) in result.chunks_exact_mut(lanes).zip(above.zip(below)) {
                    let mut sum = E::V::<S>::zero();
                    for (k, x) in [a, b, c, d].into_iter().enumerate() {
                        sum = E::V::<S>::load(x).mul_add(E::V::<S>::splat(of.weights[k]), sum);
                    }
                    sum.store(result);
                }
            }
            transpose([channels, block.len()], (results, pixel), (&mut out[i * BLOCK..], places));
        }
    }
}

struct SampleBack<'a, E> {
    g: &'a [E],
    grid: &'a [[E; 2]],
    sizes: &'a Sampling,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for SampleBack<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let SampleBack { g, grid, sizes, out } = self;
        let (plane, places, channels) = (sizes.plane(), sizes.places, sizes.channels);
        let Some(pixel) = sizes.pixel() else {
            // Any number of positions may be at one element.
            let mut sums = Storage::filled(channels * plane, 0.0);
            let sums = sums.make_mut();
            for (p, place) in grid.iter().enumerate() {
                let neighbors = sizes.neighbors(*place);
                for c in 0..channels {
                    let g = g[c * places + p];
                    for n in &neighbors {
                        if let Some(at) = n.at {
                            sums[c * plane + at] += (g * n.weight).as_f64();
                        }
                    }
                }
            }
            out.iter_mut().zip(&*sums).for_each(|(out, sum)| *out = E::from_f64(*sum));
            return;
        };
        let lanes = S::F64::LANES;
        // The gradient of a pixel outside the image is not used.
        let mut sums = Storage::filled((plane + 1) * pixel, 0.0);
        let mut block = Storage::filled(BLOCK * pixel, E::ZERO);
        let (sums, block, mut corners) = (sums.make_mut(), block.make_mut(), [Corners::NONE; BLOCK]);
        for (i, grid) in grid.chunks(BLOCK).enumerate() {
            transpose([grid.len(), channels], (&g[i * BLOCK..], places), (block, pixel));
            corners_of::<S, E, false>(sizes, grid, &mut corners);
            for (of, g) in corners[..grid.len()].iter().zip(block.chunks_exact(pixel)) {
                for (at, weight) in of.at.iter().zip(&of.weights) {
                    let weight = S::F64::splat(weight.as_f64());
                    for c in (0..pixel).step_by(lanes) {
                        // SAFETY: c is a multiple of the lanes, of which `pixel` is one.
                        let g = unsafe { E::wide_ptr::<S>(g.as_ptr().add(c)) };
                        let sum = &mut sums[at * pixel + c..];
                        g.mul_add(weight, S::F64::load(sum)).store(sum);
                    }
                }
            }
        }
        for (i, sums) in sums[..plane * pixel].chunks(BLOCK * pixel).enumerate() {
            block.iter_mut().zip(sums).for_each(|(x, sum)| *x = E::from_f64(*sum));
            transpose([channels, sums.len() / pixel], (block, pixel), (&mut out[i * BLOCK..], plane));
        }
    }
}

struct SampleBackToGrid<'a, E> {
    g: &'a [E],
    x: &'a [E],
    grid: &'a [[E; 2]],
    sizes: &'a Sampling,
    out: &'a mut [E],
}

impl<E: Coefficients> Kernel for SampleBackToGrid<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let SampleBackToGrid { g, x, grid, sizes, out } = self;
        let (plane, places, channels) = (sizes.plane(), sizes.places, sizes.channels);
        let out = out.as_chunks_mut::<2>().0;
        let Some(pixel) = sizes.pixel() else {
            for (p, (place, derivatives)) in grid.iter().zip(out).enumerate() {
                let neighbors = sizes.neighbors(*place);
                let mut sums = [0.0; 2];
                for c in 0..channels {
                    let g = g[c * places + p];
                    for n in &neighbors {
                        if let Some(at) = n.at {
                            let x = x[c * plane + at];
                            sums[0] += (g * x * n.derivatives[0]).as_f64();
                            sums[1] += (g * x * n.derivatives[1]).as_f64();
                        }
                    }
                }
                *derivatives = [E::from_f64(sums[0]), E::from_f64(sums[1])];
            }
            return;
        };
        let lanes = E::V::<S>::LANES;
        let (pixels, mut corners) = (pixels(sizes, pixel, x), [Corners::NONE; BLOCK]);
        let mut block = Storage::filled(BLOCK * pixel, E::ZERO);
        let block = block.make_mut();
        for (i, (grid, out)) in grid.chunks(BLOCK).zip(out.chunks_mut(BLOCK)).enumerate() {
            transpose([grid.len(), channels], (&g[i * BLOCK..], places), (block, pixel));
            corners_of::<S, E, true>(sizes, grid, &mut corners);
            for ((of, out), g) in corners.iter().zip(out).zip(block.chunks_exact(pixel)) {
                // Channel c counts in sum c mod PADDED at every level.
                let mut sums = [[S::F64::zero(); 2]; MOST];
                for c in (0..pixel).step_by(lanes) {
                    let mut derivatives = [E::V::<S>::zero(); 2];
                    for k in 0..4 {
                        let x = E::V::<S>::load(&pixels[of.at[k] * pixel + c..]);
                        derivatives[0] = x.mul_add(E::V::<S>::splat(of.derivatives[0][k]), derivatives[0]);
                        derivatives[1] = x.mul_add(E::V::<S>::splat(of.derivatives[1][k]), derivatives[1]);
                    }
                    let g = E::wide::<S>(E::V::<S>::load(&g[c..]));
                    let derivatives = [E::wide::<S>(derivatives[0]), E::wide::<S>(derivatives[1])];
                    for k in 0..lanes / S::F64::LANES {
                        let sums = &mut sums[c % PADDED / S::F64::LANES + k];
                        sums[0] = g[k].mul_add(derivatives[0][k], sums[0]);
                        sums[1] = g[k].mul_add(derivatives[1][k], sums[1]);
                    }
                }
                let mut half = PADDED / S::F64::LANES / 2;
                while half > 0 {
                    for i in 0..half {
                        sums[i] = [sums[i][0] + sums[i + half][0], sums[i][1] + sums[i + half][1]];
                    }
                    half /= 2;
                }
                *out = [E::from_f64(sums[0][0].reduce_sum()), E::from_f64(sums[0][1].reduce_sum())];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid_sample::{Mode, Outside, grid_gradient, image_gradient, sample};
    use super::*;
    use crate::element::Float;
    use crate::kernel::simd::{Level, with_level};

    /// Row-major values that are not equal.
    fn numbers<E: Float>(n: usize, seed: usize) -> Vec<E> {
        (0..n).map(|i| E::from_f64(((i * 37 + seed * 41) % 211) as f64 / 88.0 - 1.2)).collect()
    }

    /// Each place by the definition, in `f64`: the images, and the gradients of images and grids.
    fn naive(x: &[f64], g: &[f64], grid: &[f64], sizes: &Sampling) -> [Vec<f64>; 3] {
        let Sampling { channels, places, .. } = *sizes;
        let plane = sizes.plane();
        let (mut y, mut dx, mut dgrid) = (vec![0.0; g.len()], vec![0.0; x.len()], vec![0.0; grid.len()]);
        for b in 0..sizes.batch {
            for p in 0..places {
                let at = (b * places + p) * 2;
                for n in sizes.neighbors([grid[at], grid[at + 1]]) {
                    let Some(pixel) = n.at else { continue };
                    for c in 0..channels {
                        let (i, k) = ((b * channels + c) * plane + pixel, (b * channels + c) * places + p);
                        y[k] += x[i] * n.weight;
                        dx[i] += g[k] * n.weight;
                        (0..2).for_each(|axis| dgrid[at + axis] += g[k] * x[i] * n.derivatives[axis]);
                    }
                }
            }
        }
        [y, dx, dgrid]
    }

    fn check<E: Float>(sizes: &Sampling, precision: f64) {
        let n = sizes.batch * sizes.channels;
        let (x, g) = (numbers::<E>(n * sizes.plane(), 1), numbers::<E>(n * sizes.places, 2));
        let grid = numbers::<E>(sizes.batch * sizes.places * 2, 3);
        let wide = |x: &[E]| x.iter().map(|x| x.as_f64()).collect::<Vec<_>>();
        let want = naive(&wide(&x), &wide(&g), &wide(&grid), sizes);
        let got =
            [sample(&x, &grid, sizes), image_gradient(&g, &grid, sizes), grid_gradient(&g, &x, &grid, sizes)];
        for (k, (got, want)) in got.iter().zip(&want).enumerate() {
            assert_eq!(got.len(), want.len());
            for (got, want) in got.iter().zip(want) {
                let error = (got.as_f64() - want).abs();
                assert!(error <= precision * (20.0 + want.abs()), "{sizes:?} {k}: {got} {want}");
            }
        }
    }

    #[test]
    fn few_and_many_channels_and_positions_agree_with_the_definition_at_each_level() {
        for level in Level::ALL {
            with_level(level, || {
                for channels in [0, 1, 2, 3, 4, 15, 16, 17, 33] {
                    for (image, places) in
                        [([3, 5], 70), ([7, 4], 64), ([3, 3], 2), ([2, 2], 1), ([5, 1], 129), ([0, 2], 3)]
                    {
                        for (mode, outside) in [
                            (Mode::Bilinear, Outside::Zeros),
                            (Mode::Nearest, Outside::Zeros),
                            (Mode::Bilinear, Outside::Border),
                            (Mode::Bilinear, Outside::Reflection),
                        ] {
                            // A place of which a neighbor is at the edge by rounding has two answers.
                            let align_corners = outside == Outside::Border;
                            let sizes =
                                Sampling { batch: 2, channels, image, places, mode, outside, align_corners };
                            check::<f64>(&sizes, 1e-13);
                            if mode == Mode::Bilinear && outside == Outside::Zeros {
                                check::<f32>(&sizes, 1e-5);
                            }
                        }
                    }
                }
            });
        }
    }
}
