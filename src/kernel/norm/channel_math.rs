//! The kernels of batch normalization: channels that are pieces of memory, and channels that are columns.

use super::batch_norm::Channels;
use super::norm_math::plain_and_centered;
use crate::kernel::axis::sums_in_f64;
use crate::kernel::math::Coefficients;
use crate::kernel::simd::{Kernel, Simd, Vector};

pub(super) struct ChannelMoments<'a, E> {
    pub(super) x: &'a [E],
    pub(super) along: Channels,
    pub(super) first: usize,
    pub(super) out: &'a mut [[f64; 2]],
}

impl<E: Coefficients> Kernel for ChannelMoments<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ChannelMoments { x, along, first, out } = self;
        let n = (x.len() / along.channels) as f64;
        for (c, out) in (first..).zip(out) {
            let mut mean = channel_sum::<S, E>(x, along, c, |[x], [sum]| [sum + x]) / n;
            if size_of::<E>() == size_of::<f64>() {
                // The rounding error of the mean; see `sums_in_f64::moments`.
                let m = S::F64::splat(mean);
                let rest = channel_sum::<S, E>(x, along, c, |[x], [sum]| [sum + (x - m)]) / n;
                mean += if rest.is_finite() { rest } else { 0.0 };
            }
            let m = S::F64::splat(mean);
            let squares = channel_sum::<S, E>(x, along, c, |[x], [sum]| {
                let d = x - m;
                [d.mul_add(d, sum)]
            });
            *out = [mean, squares / n];
        }
    }
}

/// The sum of what `add` adds for a channel. A loop and not an iterator's sum, which would be compiled for the baseline.
#[inline(always)]
fn channel_sum<S: Simd, E: Coefficients>(
    x: &[E],
    along: Channels,
    channel: usize,
    add: impl Fn([S::F64; 1], [S::F64; 1]) -> [S::F64; 1] + Copy,
) -> f64 {
    let mut sum = 0.0;
    for row in along.rows_of(x, channel) {
        sum += sums_in_f64::sums::<S, E, 1, 1>([row], add)[0];
    }
    sum
}

pub(super) struct ChannelSums<'a, E> {
    pub(super) g: &'a [E],
    pub(super) x: &'a [E],
    pub(super) means: &'a [E],
    pub(super) along: Channels,
    pub(super) first: usize,
    pub(super) out: &'a mut [[f64; 2]],
}

impl<E: Coefficients> Kernel for ChannelSums<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ChannelSums { g, x, means, along, first, out } = self;
        for (c, out) in (first..).zip(out) {
            *out = [0.0; 2];
            for (g, x) in along.rows_of(g, c).zip(along.rows_of(x, c)) {
                let [plain, centered] = plain_and_centered::<S, E>(g, x, means[c].as_f64());
                *out = [out[0] + plain, out[1] + centered];
            }
        }
    }
}

pub(super) struct ColumnMoments<'a, E> {
    pub(super) x: &'a [E],
    pub(super) shift: Option<&'a [f64]>,
    pub(super) sums: &'a mut [f64],
}

impl<E: Coefficients> Kernel for ColumnMoments<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ColumnMoments { x, shift, sums } = self;
        let Some(shift) = shift else {
            for row in x.chunks_exact(sums.len()) {
                sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.as_f64());
            }
            return;
        };
        let (plain, squares) = sums.split_at_mut(shift.len());
        for row in x.chunks_exact(shift.len()) {
            for (((plain, square), x), shift) in plain.iter_mut().zip(&mut *squares).zip(row).zip(shift) {
                let d = x.as_f64() - *shift;
                *plain += d;
                *square += d * d;
            }
        }
    }
}

pub(super) struct ColumnSums<'a, E> {
    pub(super) g: &'a [E],
    pub(super) x: &'a [E],
    pub(super) means: &'a [E],
    pub(super) sums: &'a mut [f64],
}

impl<E: Coefficients> Kernel for ColumnSums<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ColumnSums { g, x, means, sums } = self;
        let channels = means.len();
        let (plain, centered) = sums.split_at_mut(channels);
        for (g, x) in g.chunks_exact(channels).zip(x.chunks_exact(channels)) {
            for ((((plain, centered), g), x), mean) in
                plain.iter_mut().zip(&mut *centered).zip(g).zip(x).zip(means)
            {
                *plain += g.as_f64();
                *centered += g.as_f64() * (*x - *mean).as_f64();
            }
        }
    }
}

pub(super) struct ChannelMap<'a, E> {
    pub(super) x: &'a mut [E],
    pub(super) numbers: [&'a [E]; 3],
    pub(super) along: Channels,
    pub(super) first: usize,
}

impl<E: Coefficients> Kernel for ChannelMap<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ChannelMap { x, numbers: [means, gains, bias], along: Channels { channels, inner }, first } =
            self;
        if inner == 1 {
            for row in x.chunks_exact_mut(channels) {
                for (((x, mean), gain), b) in row.iter_mut().zip(means).zip(gains).zip(bias) {
                    *x = (*x - *mean) * *gain + *b;
                }
            }
        } else {
            for (i, row) in x.chunks_exact_mut(inner).enumerate() {
                let c = (first + i) % channels;
                let (mean, gain, b) = (means[c], gains[c], bias[c]);
                row.iter_mut().for_each(|x| *x = (*x - mean) * gain + b);
            }
        }
    }
}

pub(super) struct ChannelMapBackward<'a, E> {
    pub(super) g: &'a mut [E],
    pub(super) x: &'a [E],
    pub(super) numbers: [&'a [E]; 4],
    pub(super) along: Channels,
    pub(super) first: usize,
}

impl<E: Coefficients> Kernel for ChannelMapBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let ChannelMapBackward { g, x, numbers, along: Channels { channels, inner }, first } = self;
        let [means, gains, shifts, tilts] = numbers;
        if inner == 1 {
            for (g, x) in g.chunks_exact_mut(channels).zip(x.chunks_exact(channels)) {
                let numbers = means.iter().zip(gains).zip(shifts).zip(tilts);
                for ((g, x), (((mean, gain), shift), tilt)) in g.iter_mut().zip(x).zip(numbers) {
                    *g = *gain * (*g - *shift - (*x - *mean) * *tilt);
                }
            }
        } else {
            for (i, (g, x)) in g.chunks_exact_mut(inner).zip(x.chunks_exact(inner)).enumerate() {
                let c = (first + i) % channels;
                let (mean, gain, shift, tilt) = (means[c], gains[c], shifts[c], tilts[c]);
                g.iter_mut().zip(x).for_each(|(g, x)| *g = gain * (*g - shift - (*x - mean) * tilt));
            }
        }
    }
}
