//! The kernels of the normalizations: statistics in `f64`, a row at a time while it is in L1.
//!
//! Floor of layer normalization for an element: three loads, one store, eight operations forward; backward twice that.

use super::batch_norm::Channels;
use super::channel_math::{
    ChannelMap, ChannelMapBackward, ChannelMoments, ChannelSums, ColumnMoments, ColumnSums,
};
use super::layer_norm::RowLayout;
use crate::kernel::axis::sums_in_f64::{self, Moments};
use crate::kernel::math::Coefficients;
use crate::kernel::simd::{Kernel, Simd, Vector, dispatch};

/// The kernels of an element type, compiled in this crate.
pub trait NormMath: Sized {
    /// Normalizes the rows from number `first` on, and gives the mean of each and 1 / √(variance + ε).
    #[doc(hidden)]
    fn layer_norm(
        x: &mut [Self],
        affine: WeightAndBias<'_, Self>,
        first: usize,
        eps: f64,
        moments: &mut [[f64; 2]],
    );
    /// The gradient of rows, which begin with the first group, in place of that of the result if it is needed; adds the
    /// gradients of the weights, those of the biases after them, to `sums`, if it is not empty.
    #[doc(hidden)]
    fn layer_norm_backward(
        g: &mut [Self],
        x: &[Self],
        affine: WeightAndBias<'_, Self>,
        moments: &[[f64; 2]],
        needs_grad: bool,
        sums: &mut [Self],
    );
    /// The mean and the variance of channels, from number `first` on, that are pieces of `inner` elements.
    #[doc(hidden)]
    fn channel_moments(x: &[Self], along: Channels, first: usize, out: &mut [[f64; 2]]);
    /// Σ g and Σ g (x - mean) of channels, from number `first` on.
    #[doc(hidden)]
    fn channel_sums(
        g: &[Self],
        x: &[Self],
        means: &[Self],
        along: Channels,
        first: usize,
        out: &mut [[f64; 2]],
    );
    /// Adds Σ x, or Σ (x - shift) and Σ (x - shift)², of each column to `sums`.
    #[doc(hidden)]
    fn column_moments(x: &[Self], shift: Option<&[f64]>, sums: &mut [f64]);
    /// Adds Σ g and Σ g (x - mean) of each column to `sums`.
    #[doc(hidden)]
    fn column_sums(g: &[Self], x: &[Self], means: &[Self], sums: &mut [f64]);
    /// (x - mean) gain + bias, in rows from number `first` on.
    #[doc(hidden)]
    fn channel_map(x: &mut [Self], numbers: [&[Self]; 3], along: Channels, first: usize);
    /// gain (g - shift - (x - mean) tilt), in rows from number `first` on; the numbers are mean, gain, shift, tilt.
    #[doc(hidden)]
    fn channel_map_backward(g: &mut [Self], x: &[Self], numbers: [&[Self]; 4], along: Channels, first: usize);
}

/// The weights and biases of rows, and where they are.
#[derive(Clone, Copy)]
pub struct WeightAndBias<'a, E> {
    pub(crate) weight: Option<&'a [E]>,
    pub(crate) bias: Option<&'a [E]>,
    pub(crate) rows: RowLayout,
}

macro_rules! norm_math {
    ($($t:ident),*) => { $(
        impl NormMath for $t {
            fn layer_norm(
                x: &mut [$t],
                affine: WeightAndBias<'_, $t>,
                first: usize,
                eps: f64,
                moments: &mut [[f64; 2]],
            ) {
                dispatch(LayerNorm { x, affine, first, eps, moments });
            }
            fn layer_norm_backward(
                g: &mut [$t],
                x: &[$t],
                affine: WeightAndBias<'_, $t>,
                moments: &[[f64; 2]],
                needs_grad: bool,
                sums: &mut [$t],
            ) {
                dispatch(LayerNormBackward { g, x, affine, moments, needs_grad, sums });
            }
            fn channel_moments(x: &[$t], along: Channels, first: usize, out: &mut [[f64; 2]]) {
                dispatch(ChannelMoments { x, along, first, out });
            }
            fn channel_sums(
                g: &[$t],
                x: &[$t],
                means: &[$t],
                along: Channels,
                first: usize,
                out: &mut [[f64; 2]],
            ) {
                dispatch(ChannelSums { g, x, means, along, first, out });
            }
            fn column_moments(x: &[$t], shift: Option<&[f64]>, sums: &mut [f64]) {
                dispatch(ColumnMoments { x, shift, sums });
            }
            fn column_sums(g: &[$t], x: &[$t], means: &[$t], sums: &mut [f64]) {
                dispatch(ColumnSums { g, x, means, sums });
            }
            fn channel_map(x: &mut [$t], numbers: [&[$t]; 3], along: Channels, first: usize) {
                dispatch(ChannelMap { x, numbers, along, first });
            }
            fn channel_map_backward(
                g: &mut [$t],
                x: &[$t],
                numbers: [&[$t]; 4],
                along: Channels,
                first: usize,
            ) {
                dispatch(ChannelMapBackward { g, x, numbers, along, first });
            }
        }
    )* };
}
norm_math!(f32, f64);

struct LayerNorm<'a, E> {
    x: &'a mut [E],
    affine: WeightAndBias<'a, E>,
    first: usize,
    eps: f64,
    moments: &'a mut [[f64; 2]],
}

impl<E: Coefficients> Kernel for LayerNorm<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let LayerNorm { x, affine: WeightAndBias { weight, bias, rows }, first, eps, moments } = self;
        for ((i, row), out) in x.chunks_exact_mut(rows.size).enumerate().zip(moments) {
            let Moments { mean, squares, scale } =
                if rows.centered { sums_in_f64::moments::<S, E>(row) } else { raw_moments::<S, E>(row) };
            let (mean, variance) = (mean / scale, squares / rows.size as f64);
            let factor = factor(variance, scale, eps);
            *out = [mean, factor];
            let centers = high_and_low(mean);
            finish(
                row,
                centers,
                E::from_f64(factor),
                rows.of(weight, first + i),
                rows.of(bias, first + i),
                rows.inner,
            );
        }
    }
}

/// 1 / √(variance + ε), from a variance that is that of the elements times the scale.
#[inline(always)]
pub(super) fn factor(variance: f64, scale: f64, eps: f64) -> f64 {
    if scale > 1.0 && eps > 0.0 {
        (variance / scale / scale + eps).sqrt().recip()
    } else {
        scale / (variance + eps * scale * scale).sqrt()
    }
}

/// The moments about 0.
#[inline(always)]
fn raw_moments<S: Simd, E: Coefficients>(row: &[E]) -> Moments {
    let [squares, scale] = sums_in_f64::squares::<S, E>(row);
    Moments { mean: 0.0, squares, scale }
}

/// A number as a sum of two of the element type.
#[inline(always)]
fn high_and_low<E: Coefficients>(x: f64) -> [E; 2] {
    let high = E::from_f64(x);
    [high, E::from_f64(x - high.as_f64())]
}

/// (x - mean) factor of one row, times the weight, plus the bias, in one pass.
#[inline(always)]
fn finish<E: Coefficients>(
    row: &mut [E],
    [mean, low]: [E; 2],
    factor: E,
    weight: Option<&[E]>,
    bias: Option<&[E]>,
    inner: usize,
) {
    let normal = |x: E| ((x - mean) - low) * factor;
    if inner > 1 {
        for (i, block) in row.chunks_exact_mut(inner).enumerate() {
            let (w, b) = (weight.map_or(E::one(), |w| w[i]), bias.map_or(E::ZERO, |b| b[i]));
            block.iter_mut().for_each(|x| *x = normal(*x) * w + b);
        }
        return;
    }
    match (weight, bias) {
        (Some(weight), Some(bias)) => {
            for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
                *x = normal(*x) * *w + *b;
            }
        }
        (Some(weight), None) => row.iter_mut().zip(weight).for_each(|(x, w)| *x = normal(*x) * *w),
        (None, Some(bias)) => row.iter_mut().zip(bias).for_each(|(x, b)| *x = normal(*x) + *b),
        (None, None) => row.iter_mut().for_each(|x| *x = normal(*x)),
    }
}

struct LayerNormBackward<'a, E> {
    g: &'a mut [E],
    x: &'a [E],
    affine: WeightAndBias<'a, E>,
    moments: &'a [[f64; 2]],
    needs_grad: bool,
    sums: &'a mut [E],
}

impl<E: Coefficients> Kernel for LayerNormBackward<'_, E> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self) {
        let LayerNormBackward { g, x, affine: WeightAndBias { weight, rows, .. }, moments, needs_grad, sums } =
            self;
        let (dw, db) = sums.split_at_mut(sums.len() / 2);
        let each = g.chunks_exact_mut(rows.size).zip(x.chunks_exact(rows.size)).zip(moments);
        for (i, ((g, x), &[mean, factor])) in each.enumerate() {
            if !dw.is_empty() {
                let count = rows.size / rows.inner;
                let at = i % rows.groups * count;
                let (dw, db) = (&mut dw[at..at + count], &mut db[at..at + count]);
                weights_backward::<S, E>(dw, db, g, x, (mean, factor), rows.inner);
            }
            if needs_grad {
                match rows.of(weight, i) {
                    Some(weight) if rows.inner == 1 => g.iter_mut().zip(weight).for_each(|(g, w)| *g *= *w),
                    Some(weight) => {
                        for (g, w) in g.chunks_exact_mut(rows.inner).zip(weight) {
                            g.iter_mut().for_each(|g| *g *= *w);
                        }
                    }
                    None => (),
                }
                let [plain, centered] = plain_and_centered::<S, E>(g, x, mean);
                let n = rows.size as f64;
                let shift = E::from_f64(if rows.centered { plain / n } else { 0.0 });
                let tilt = E::from_f64(centered * factor * factor / n);
                let ([mean, low], factor) = (high_and_low(mean), E::from_f64(factor));
                for (g, x) in g.iter_mut().zip(x) {
                    *g = factor * (*g - shift - ((*x - mean) - low) * tilt);
                }
            }
        }
    }
}

/// Σ g and Σ g (x - mean).
#[inline(always)]
pub(super) fn plain_and_centered<S: Simd, E: Coefficients>(g: &[E], x: &[E], mean: f64) -> [f64; 2] {
    let mean = S::F64::splat(mean);
    sums_in_f64::sums::<S, E, 2, 2>([g, x], |[g, x], [plain, centered]| {
        [plain + g, g.mul_add(x - mean, centered)]
    })
}

/// Adds g x̂ and g of one row.
#[inline(always)]
fn weights_backward<S: Simd, E: Coefficients>(
    dw: &mut [E],
    db: &mut [E],
    g: &[E],
    x: &[E],
    (mean, factor): (f64, f64),
    inner: usize,
) {
    if inner == 1 {
        let ([mean, low], factor) = (high_and_low(mean), E::from_f64(factor));
        for (((dw, db), g), x) in dw.iter_mut().zip(db).zip(g).zip(x) {
            *dw += *g * (((*x - mean) - low) * factor);
            *db += *g;
        }
        return;
    }
    let blocks = g.chunks_exact(inner).zip(x.chunks_exact(inner));
    for ((dw, db), (g, x)) in dw.iter_mut().zip(db).zip(blocks) {
        let [plain, centered] = plain_and_centered::<S, E>(g, x, mean);
        *dw += E::from_f64(centered * factor);
        *db += E::from_f64(plain);
    }
}
