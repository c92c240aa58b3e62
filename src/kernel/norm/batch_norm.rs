//! Normalization of channels. Memory is a batch of `channels` rows of `inner` elements.

use crate::element::Float;
use crate::kernel::axis::axis::{total, total_of};
use crate::kernel::norm::layer_norm::sums;
use crate::storage::Storage;

/// The place of the channels in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Channels {
    pub(crate) channels: usize,
    /// The number of elements of the axes behind.
    pub(crate) inner: usize,
}

impl Channels {
    /// The rows of a tensor, each with its channel. For `inner` = 1 the caller goes along the batch instead.
    fn rows<'x, E>(&self, x: &'x [E]) -> impl Iterator<Item = (usize, &'x [E])> + use<'x, E> {
        let channels = self.channels;
        x.chunks_exact(self.inner.max(1)).enumerate().map(move |(i, row)| (i % channels, row))
    }
}

/// The mean and the variance, with the divisor n, of each channel.
#[inline(never)]
pub(crate) fn statistics<E: Float>(x: &[E], along: Channels) -> (Storage<E>, Storage<E>) {
    let Channels { channels, inner } = along;
    let n = x.len() as f64 / channels.max(1) as f64;
    // Summed in f64 over the batch, as in PyTorch.
    let divide = |sums: Vec<f64>| Storage::collect(sums.into_iter().map(|sum| E::from_f64(sum / n)));
    let mut sums = vec![0.0; channels];
    if inner == 1 && channels > 0 {
        for row in x.chunks_exact(channels) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.as_f64());
        }
    } else {
        along.rows(x).for_each(|(c, row)| sums[c] += total(row).as_f64());
    }
    let means = divide(sums);
    let mean = means.as_slice();
    let mut squares = vec![0.0; channels];
    if inner == 1 && channels > 0 {
        for row in x.chunks_exact(channels) {
            for ((sum, x), mean) in squares.iter_mut().zip(row).zip(mean) {
                let d = (*x - *mean).as_f64();
                *sum += d * d;
            }
        }
    } else {
        along.rows(x).for_each(|(c, row)| squares[c] += total_of(row, &|x| square(x - mean[c])).as_f64());
    }
    let variances = divide(squares);
    (means, variances)
}

fn square<E: Float>(x: E) -> E {
    x * x
}

/// 1 / √(variance + ε) of each channel.
pub(crate) fn factors<E: Float>(variances: &[E], eps: f64) -> Storage<E> {
    let eps = E::from_f64(eps);
    Storage::collect(variances.iter().map(|variance| (*variance + eps).sqrt().recip()))
}

/// (x - mean) f w + b, with the numbers of the channel.
#[inline(never)]
pub(crate) fn normalize<E: Float>(
    mut x: Storage<E>,
    means: &[E],
    factors: &[E],
    weight: Option<&[E]>,
    bias: Option<&[E]>,
    along: Channels,
) -> Storage<E> {
    let Channels { channels, inner } = along;
    if x.is_empty() {
        return x;
    }
    let slopes = slopes(factors, weight);
    let zeros = vec![E::zero(); if bias.is_none() { channels } else { 0 }];
    let bias = bias.unwrap_or(&zeros);
    if inner == 1 {
        for row in x.make_mut().chunks_exact_mut(channels) {
            for (((x, mean), slope), b) in row.iter_mut().zip(means).zip(&slopes).zip(bias) {
                *x = (*x - *mean) * *slope + *b;
            }
        }
    } else {
        for (i, row) in x.make_mut().chunks_exact_mut(inner).enumerate() {
            let c = i % channels;
            let (mean, slope, b) = (means[c], slopes[c], bias[c]);
            row.iter_mut().for_each(|x| *x = (*x - mean) * slope + b);
        }
    }
    x
}

/// What the gradient of x is multiplied by.
fn slopes<E: Float>(factors: &[E], weight: Option<&[E]>) -> Vec<E> {
    match weight {
        Some(weight) => factors.iter().zip(weight).map(|(f, w)| *f * *w).collect(),
        None => factors.to_vec(),
    }
}

/// The gradient of x where `wanted.0`, and those of the weight and the bias, one behind the other, where `wanted.1`.
///
/// With x̂ = (x - mean) f: dL/dw = Σ g x̂, dL/db = Σ g, and dL/dx = w f (g - Σg / n - x̂ Σ(g x̂) / n) if mean and variance
/// are those of this batch, else w f g.
#[inline(never)]
pub(crate) fn normalize_backward<E: Float>(
    mut grad: Storage<E>,
    x: &[E],
    (means, factors): (&[E], &[E]),
    weight: Option<&[E]>,
    (along, of_this_batch): (Channels, bool),
    wanted: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let Channels { channels, inner } = along;
    let n = E::from_f64(x.len() as f64 / channels.max(1) as f64);
    let (mut plain, mut centered) = (vec![E::zero(); channels], vec![E::zero(); channels]);
    if x.is_empty() || !(wanted.1 || of_this_batch) {
        // Nothing to sum.
    } else if inner == 1 {
        for (g, x) in grad.as_slice().chunks_exact(channels).zip(x.chunks_exact(channels)) {
            plain.iter_mut().zip(g).for_each(|(sum, g)| *sum += *g);
            for (((sum, g), x), mean) in centered.iter_mut().zip(g).zip(x).zip(means) {
                *sum += *g * (*x - *mean);
            }
        }
    } else {
        for ((c, g), (_, x)) in along.rows(grad.as_slice()).zip(along.rows(x)) {
            let (row_plain, row_centered) = sums(g, x, means[c]);
            plain[c] += row_plain;
            centered[c] += row_centered;
        }
    }
    let affine = wanted.1.then(|| {
        let dw = centered.iter().zip(factors).map(|(sum, f)| *sum * *f);
        Storage::collect(dw.chain(plain.iter().copied()))
    });
    if wanted.0 && !x.is_empty() {
        let slopes = slopes(factors, weight);
        if of_this_batch {
            plain.iter_mut().for_each(|sum| *sum /= n);
            centered.iter_mut().zip(factors).for_each(|(sum, f)| *sum = *sum * *f * *f / n);
        } else {
            plain.fill(E::zero());
            centered.fill(E::zero());
        }
        if inner == 1 {
            for (g, x) in grad.make_mut().chunks_exact_mut(channels).zip(x.chunks_exact(channels)) {
                for c in 0..channels {
                    g[c] = slopes[c] * (g[c] - plain[c] - (x[c] - means[c]) * centered[c]);
                }
            }
        } else {
            for (i, (g, x)) in grad.make_mut().chunks_exact_mut(inner).zip(x.chunks_exact(inner)).enumerate()
            {
                let c = i % channels;
                let (slope, shift, mean, tilt) = (slopes[c], plain[c], means[c], centered[c]);
                g.iter_mut().zip(x).for_each(|(g, x)| *g = slope * (*g - shift - (*x - mean) * tilt));
            }
        }
    }
    (wanted.0.then_some(grad), affine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_agree_with_the_definition() {
        let x: Vec<f64> = (0..48).map(|i| f64::from(i * i % 23)).collect();
        for (batch, channels, inner) in [(2, 3, 8), (16, 3, 1), (1, 4, 12), (3, 16, 1)] {
            let (means, variances) = statistics(&x, Channels { channels, inner });
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
            let factors = factors(variances.as_slice(), 0.0);
            let x = Storage::from_slice(&x);
            let y = normalize(x, means.as_slice(), factors.as_slice(), None, Some(&[1.0; 3]), along);
            let (means, variances) = statistics(y.as_slice(), along);
            assert!(means.as_slice().iter().chain(variances.as_slice()).all(|m| (m - 1.0).abs() < 1e-12));
        }
    }
}
