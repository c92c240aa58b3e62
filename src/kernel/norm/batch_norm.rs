//! Normalization of channels. Memory is a batch of `channels` rows of `inner` elements.

use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes::{self, PARALLEL, for_each_part};
use crate::kernel::axis::sums_in_f64::Moments;
use crate::kernel::elementwise::pointwise::fold;
use crate::kernel::norm::norm_math::factor;
use crate::kernel::threads::for_each_chunk;
use crate::storage::Storage;

/// The position of the channels in memory.
#[derive(Clone, Copy, Debug)]
pub struct Channels {
    pub(crate) channels: usize,
    /// The number of elements of the axes after.
    pub(crate) inner: usize,
}

impl Channels {
    /// The rows of channel `c`.
    #[inline(always)]
    pub(super) fn rows_of<'x, E>(&self, x: &'x [E], c: usize) -> impl Iterator<Item = &'x [E]> + use<'x, E> {
        let Channels { channels, inner } = *self;
        x.chunks_exact(channels * inner).map(move |batch| &batch[c * inner..(c + 1) * inner])
    }

    /// The lanes of memory for kernels: rows of one channel, or of all if `inner` is 1.
    fn rows(&self, len: usize) -> AxisLayout {
        let size = if self.inner == 1 { self.channels } else { self.inner };
        AxisLayout { outer: len / size.max(1), size, inner: 1 }
    }

    /// `width` sums for each channel over the rows of a batch with `inner` = 1: `add` adds those of [`RUN`] rows.
    fn over_rows<E: Float>(
        &self,
        x: &[E],
        width: usize,
        add: impl Fn(usize, &[E], &mut [f64]) + Sync,
    ) -> Storage<f64> {
        let (run, width) = (RUN * self.channels, width * self.channels);
        let mut sums = Storage::filled(x.len().div_ceil(run) * width, 0.0);
        let each = |i: usize, sums: &mut [f64]| add(i * run, &x[i * run..x.len().min((i + 1) * run)], sums);
        if x.len() < PARALLEL {
            sums.make_mut().chunks_mut(width).enumerate().for_each(|(i, sums)| each(i, sums));
        } else {
            for_each_chunk(sums.make_mut(), width, each);
        }
        fold(sums, width)
    }
}

/// The number of rows of a batch that are added in sequence.
const RUN: usize = 32;

/// The variance of each channel. In `f64`, because a square of `f32` may be out of its range.
pub(crate) struct Variances {
    /// The variance times the square of the scale.
    scaled: Storage<f64>,
    /// The power of 2 that the elements of each channel are multiplied with, if it is not 1 for all.
    scales: Option<Storage<f64>>,
}

impl Variances {
    /// Variances that are known.
    pub(crate) fn of<E: Float>(variances: &[E]) -> Self {
        Variances { scaled: Storage::collect(variances.iter().map(|v| v.as_f64())), scales: None }
    }

    /// The variance times the square of the scale, and the scale.
    fn each(&self) -> impl ExactSizeIterator<Item = (f64, f64)> {
        let scale = |c: usize| self.scales.as_ref().map_or(1.0, |scales| scales[c]);
        self.scaled.iter().enumerate().map(move |(c, variance)| (*variance, scale(c)))
    }

    /// The variances.
    pub(crate) fn rounded<E: Float>(&self) -> Storage<E> {
        Storage::collect(self.each().map(|(variance, scale)| E::from_f64(variance / scale / scale)))
    }

    /// 1 / √(variance + ε) of each channel.
    pub(crate) fn factors<E: Float>(&self, eps: f64) -> Storage<E> {
        Storage::collect(self.each().map(|(variance, scale)| E::from_f64(factor(variance, scale, eps))))
    }
}

/// The mean and the variance, with the divisor n, of each channel. Equal elements have the variance 0.
#[inline(never)]
pub(crate) fn statistics<E: Float>(x: &[E], along: Channels) -> (Storage<E>, Variances) {
    let Channels { channels, inner } = along;
    let n = x.len() as f64 / channels.max(1) as f64;
    if x.is_empty() {
        let nothing = Storage::filled(channels, E::nan());
        return (nothing.clone(), Variances::of(&nothing));
    }
    if inner > 1 {
        let mut both = Storage::unspecified(2 * channels);
        let pairs = both.make_mut().as_chunks_mut().0;
        for_each_part(pairs, 1, x.len() / channels, |first, out| E::channel_moments(x, along, first, out));
        let part = |i: usize| Storage::collect(both.as_chunks::<2>().0.iter().map(|pair| pair[i]));
        return in_range(x, along, part(0), part(1));
    }
    let mut means = along.over_rows(x, 1, |_, x, sums| E::column_moments(x, None, sums));
    means.make_mut().iter_mut().for_each(|sum| *sum /= n);
    let shifted = along.over_rows(x, 2, |_, x, sums| E::column_moments(x, Some(&means), sums));
    // The mean of the differences is the rounding error of the mean.
    let (rests, squares) = shifted.split_at(channels);
    let rest = |sum: f64| if sum.is_finite() { sum / n } else { 0.0 };
    let exact = means.iter().zip(rests).map(|(mean, sum)| mean + rest(*sum));
    let variances = squares.iter().zip(rests).map(|(square, sum)| {
        let rest = rest(*sum);
        (square / n - rest * rest).max(square * 0.0)
    });
    in_range(x, along, Storage::collect(exact), Storage::collect(variances))
}

/// Means and variances, of which those that left the range are computed again, of elements times a scale.
fn in_range<E: Float>(
    x: &[E],
    along: Channels,
    mut means: Storage<f64>,
    mut variances: Storage<f64>,
) -> (Storage<E>, Variances) {
    let mut scales = None;
    for c in 0..along.channels {
        if means[c].is_finite() && variances[c].is_finite() {
            continue;
        }
        let channel: Vec<E> = along.rows_of(x, c).flatten().copied().collect();
        let mut moments = [Moments::default()];
        E::moments(&channel, channel.len(), &mut moments);
        let [Moments { mean, squares, scale }] = moments;
        means.make_mut()[c] = mean / scale;
        variances.make_mut()[c] = squares / channel.len() as f64;
        scales.get_or_insert_with(|| Storage::filled(along.channels, 1.0)).make_mut()[c] = scale;
    }
    (Storage::collect(means.iter().map(|mean| E::from_f64(*mean))), Variances { scaled: variances, scales })
}

/// The mean, the gain f w and the bias of each channel.
pub(crate) fn numbers<E: Float>(
    means: Storage<E>,
    factors: &[E],
    weight: Option<&[E]>,
    bias: Option<Storage<E>>,
) -> [Storage<E>; 3] {
    let bias = bias.unwrap_or_else(|| Storage::filled(factors.len(), E::zero()));
    [means, gains(factors, weight), bias]
}

/// (x - mean) gain + bias, with the numbers of the channel.
#[inline(never)]
pub(crate) fn normalize<E: Float>(x: Storage<E>, numbers: &[Storage<E>; 3], along: Channels) -> Storage<E> {
    let numbers = numbers.each_ref().map(Storage::as_slice);
    let rows = along.rows(x.len());
    lanes::update(x, rows, |first, x| E::channel_map(x, numbers, along, first))
}

/// The factor of the gradient of x.
fn gains<E: Float>(factors: &[E], weight: Option<&[E]>) -> Storage<E> {
    match weight {
        Some(weight) => Storage::collect(factors.iter().zip(weight).map(|(f, w)| *f * *w)),
        None => Storage::from_slice(factors),
    }
}

/// The gradient of x where `needs_grad.0`, and those of the weight and the bias, concatenated, where `needs_grad.1`.
///
/// With x̂ = (x - mean) f: dL/dw = Σ g x̂, dL/db = Σ g, and dL/dx = w f (g - Σg / n - x̂ Σ(g x̂) / n) if mean and variance
/// are those of this batch, else w f g.
#[inline(never)]
pub(crate) fn normalize_backward<E: Float>(
    grad: Storage<E>,
    x: &[E],
    (means, factors): (&[E], &[E]),
    weight: Option<&[E]>,
    (along, of_this_batch): (Channels, bool),
    needs_grad: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let channels = along.channels;
    let mut sums = Storage::filled(2 * channels, 0.0);
    if !x.is_empty() && (needs_grad.1 || of_this_batch) {
        sums = sums_of(&grad, x, means, along);
    }
    let (plain, centered) = sums.split_at(channels);
    let affine = needs_grad.1.then(|| {
        let dw = centered.iter().zip(factors).map(|(sum, f)| E::from_f64(sum * f.as_f64()));
        Storage::collect(dw.chain(plain.iter().map(|sum| E::from_f64(*sum))))
    });
    let x_grad = needs_grad.0.then(|| {
        let n = if of_this_batch { x.len() as f64 / channels.max(1) as f64 } else { f64::INFINITY };
        let shifts = Storage::collect(plain.iter().map(|sum| E::from_f64(sum / n)));
        let tilts =
            centered.iter().zip(factors).map(|(sum, f)| E::from_f64(sum / n * f.as_f64() * f.as_f64()));
        let (tilts, gains) = (Storage::collect(tilts), gains(factors, weight));
        let numbers = [means, &gains, &shifts, &tilts];
        let rows = along.rows(grad.len());
        lanes::update_with(grad, x, rows, |first, g, x| E::channel_map_backward(g, x, numbers, along, first))
    });
    (x_grad, affine)
}

/// Σ g of each channel, and after them Σ g (x - mean).
fn sums_of<E: Float>(g: &[E], x: &[E], means: &[E], along: Channels) -> Storage<f64> {
    let Channels { channels, inner } = along;
    if inner == 1 {
        return along.over_rows(x, 2, |at, x, sums| E::column_sums(&g[at..][..x.len()], x, means, sums));
    }
    let mut both = Storage::unspecified(2 * channels);
    let pairs = both.make_mut().as_chunks_mut().0;
    for_each_part(pairs, 1, x.len() / channels, |first, out| E::channel_sums(g, x, means, along, first, out));
    let pairs = both.as_chunks::<2>().0;
    Storage::collect(pairs.iter().map(|pair| pair[0]).chain(pairs.iter().map(|pair| pair[1])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_agree_with_the_definition() {
        let x: Vec<f64> = (0..48).map(|i| f64::from(i * i % 23)).collect();
        for (batch, channels, inner) in [(2, 3, 8), (16, 3, 1), (1, 4, 12), (3, 16, 1)] {
            let (means, variances) = statistics(&x, Channels { channels, inner });
            let variances = variances.rounded::<f64>();
            for c in 0..channels {
                let values: Vec<f64> = (0..batch)
                    .flat_map(|b| x[(b * channels + c) * inner..][..inner].iter().copied())
                    .collect();
                let n = values.len() as f64;
                let mean = values.iter().sum::<f64>() / n;
                let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
                assert!((means.as_slice()[c] - mean).abs() < 1e-12);
                assert!((variances.as_slice()[c] - variance).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn normalized_channels_have_mean_0_and_variance_1() {
        let x: Vec<f64> = (0..48).map(|i| f64::from(i * i % 23)).collect();
        for along in [Channels { channels: 3, inner: 8 }, Channels { channels: 3, inner: 1 }] {
            let (means, variances) = statistics(&x, along);
            let factors = variances.factors::<f64>(0.0);
            let x = Storage::from_slice(&x);
            let numbers = numbers(means, &factors, None, Some(Storage::filled(3, 1.0)));
            let y = normalize(x, &numbers, along);
            let (means, variances) = statistics(y.as_slice(), along);
            let variances = variances.rounded::<f64>();
            assert!(means.as_slice().iter().chain(variances.as_slice()).all(|m| (m - 1.0).abs() < 1e-12));
        }
    }
}
