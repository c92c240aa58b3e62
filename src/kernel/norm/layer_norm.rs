//! RowLayout with mean 0 and variance 1: the arithmetic of layer, group and RMS normalization.

use crate::element::Float;
use crate::kernel::axis::axis::{total, total_of};
use crate::storage::Storage;

/// The rows of a tensor, and where their weights are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowLayout {
    /// The length of a row.
    pub(crate) size: usize,
    /// The number of rows until the weights begin anew.
    pub(crate) groups: usize,
    /// The number of elements next to each other that share a weight.
    pub(crate) inner: usize,
    /// Whether the mean is subtracted.
    pub(crate) centered: bool,
}

impl RowLayout {
    /// The number of weights.
    fn weights(&self) -> usize {
        self.size * self.groups / self.inner.max(1)
    }

    /// The weights of row `i`.
    fn of<'w, E>(&self, weights: Option<&'w [E]>, i: usize) -> Option<&'w [E]> {
        let count = self.size / self.inner;
        weights.map(|weights| &weights[i % self.groups * count..][..count])
    }
}

/// The mean of each row, and 1 / √(variance + ε).
pub(crate) struct Moments<E> {
    means: Vec<E>,
    factors: Vec<E>,
}

/// (x - mean) / √(variance + ε) for each row, times the weight, plus the bias; the variance is that with the divisor n.
#[inline(never)]
pub(crate) fn standardize<E: Float>(
    mut x: Storage<E>,
    weight: Option<&[E]>,
    bias: Option<&[E]>,
    rows: RowLayout,
    eps: f64,
) -> (Storage<E>, Moments<E>) {
    let mut moments = Moments { means: Vec::new(), factors: Vec::new() };
    if x.is_empty() {
        return (x, moments);
    }
    let (n, eps) = (E::from_f64(rows.size as f64), E::from_f64(eps));
    for (i, row) in x.make_mut().chunks_exact_mut(rows.size).enumerate() {
        let mean = if rows.centered { total(row) / n } else { E::zero() };
        let variance = total_of(row, &|x| (x - mean) * (x - mean)) / n;
        let factor = (variance + eps).sqrt().recip();
        finish(row, (mean, factor), rows.of(weight, i), rows.of(bias, i), rows.inner);
        moments.means.push(mean);
        moments.factors.push(factor);
    }
    (x, moments)
}

/// (x - mean) factor of one row, times the weight, plus the bias, in one pass.
fn finish<E: Float>(
    row: &mut [E],
    (mean, factor): (E, E),
    weight: Option<&[E]>,
    bias: Option<&[E]>,
    inner: usize,
) {
    match (weight, bias) {
        (Some(weight), Some(bias)) if inner == 1 => {
            for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
                *x = (*x - mean) * factor * *w + *b;
            }
        }
        (Some(weight), Some(bias)) => {
            for ((block, w), b) in row.chunks_exact_mut(inner).zip(weight).zip(bias) {
                block.iter_mut().for_each(|x| *x = (*x - mean) * factor * *w + *b);
            }
        }
        (Some(weight), None) => spread(row, weight, inner, |x, w| *x = (*x - mean) * factor * w),
        (None, Some(bias)) => spread(row, bias, inner, |x, b| *x = (*x - mean) * factor + b),
        (None, None) => row.iter_mut().for_each(|x| *x = (*x - mean) * factor),
    }
}

/// f(x, w) for each element and its weight.
fn spread<E: Float>(row: &mut [E], weights: &[E], inner: usize, f: impl Fn(&mut E, E)) {
    if inner == 1 {
        row.iter_mut().zip(weights).for_each(|(x, w)| f(x, *w));
    } else {
        for (block, w) in row.chunks_exact_mut(inner).zip(weights) {
            block.iter_mut().for_each(|x| f(x, *w));
        }
    }
}

fn scale<E: Float>(row: &mut [E], weights: &[E], inner: usize) {
    spread(row, weights, inner, |x, w| *x *= w);
}

/// Σ g and Σ g (x - mean), each as sixteen sums that can run side by side.
pub(in crate::kernel) fn sums<E: Float>(g: &[E], x: &[E], mean: E) -> (E, E) {
    let (mut plain, mut centered) = ([E::zero(); 16], [E::zero(); 16]);
    let ((g16, g_rest), (x16, x_rest)) = (g.as_chunks::<16>(), x.as_chunks::<16>());
    for (g, x) in g16.iter().zip(x16) {
        for i in 0..16 {
            plain[i] += g[i];
            centered[i] += g[i] * (x[i] - mean);
        }
    }
    for (i, (g, x)) in g_rest.iter().zip(x_rest).enumerate() {
        plain[i] += *g;
        centered[i] += *g * (*x - mean);
    }
    (total(&plain), total(&centered))
}

/// The gradient of x where `wanted.0`, and those of the weight and the bias, one behind the other, where `wanted.1`.
///
/// With x̂ = (x - mean) f and h = g w, where g is the gradient of the result and n the length of a row:
/// dL/dx = f (h - Σh / n - x̂ Σ(h x̂) / n), without the second term if the mean is not subtracted; dL/dw = Σ g x̂ and
/// dL/db = Σ g over the rows.
#[inline(never)]
pub(crate) fn standardize_backward<E: Float>(
    mut grad: Storage<E>,
    x: &[E],
    moments: &Moments<E>,
    weight: Option<&[E]>,
    rows: RowLayout,
    wanted: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let count = rows.weights();
    let mut affine = Storage::filled(if wanted.1 { 2 * count } else { 0 }, E::zero());
    if !grad.is_empty() {
        let n = E::from_f64(rows.size as f64);
        let (dw, db) = affine.make_mut().split_at_mut(if wanted.1 { count } else { 0 });
        let moments = moments.means.iter().zip(&moments.factors);
        let lanes = grad.make_mut().chunks_exact_mut(rows.size).zip(x.chunks_exact(rows.size));
        for (i, ((g, x), (&mean, &factor))) in lanes.zip(moments).enumerate() {
            if wanted.1 {
                let first = i % rows.groups * (rows.size / rows.inner);
                weights_backward(&mut dw[first..], &mut db[first..], g, x, (mean, factor), rows.inner);
            }
            if wanted.0 {
                if let Some(weight) = rows.of(weight, i) {
                    scale(g, weight, rows.inner);
                }
                let (plain, centered) = sums(g, x, mean);
                let shift = if rows.centered { plain / n } else { E::zero() };
                let slope = centered * factor * factor / n;
                g.iter_mut().zip(x).for_each(|(g, x)| *g = factor * (*g - shift - (*x - mean) * slope));
            }
        }
    }
    (wanted.0.then_some(grad), wanted.1.then_some(affine))
}

/// Adds g x̂ and g of one row.
fn weights_backward<E: Float>(
    dw: &mut [E],
    db: &mut [E],
    g: &[E],
    x: &[E],
    (mean, factor): (E, E),
    inner: usize,
) {
    let sides = dw.iter_mut().zip(db);
    if inner == 1 {
        for (((dw, db), g), x) in sides.zip(g).zip(x) {
            *dw += *g * ((*x - mean) * factor);
            *db += *g;
        }
    } else {
        for (((dw, db), g), x) in sides.zip(g.chunks_exact(inner)).zip(x.chunks_exact(inner)) {
            let (plain, centered) = sums(g, x, mean);
            *dw += centered * factor;
            *db += plain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_mean_0_and_variance_1() {
        let x: Vec<f64> = (0..60).map(|i| f64::from(i * i % 37)).collect();
        let rows = RowLayout { size: 20, groups: 1, inner: 1, centered: true };
        let (y, _) = standardize(Storage::from_slice(&x), None, None, rows, 0.0);
        for row in y.as_slice().chunks(20) {
            assert!(row.iter().sum::<f64>().abs() < 1e-12);
            assert!((row.iter().map(|y| y * y).sum::<f64>() - 20.0).abs() < 1e-12);
        }
    }

    #[test]
    fn each_group_has_its_weights_and_each_weight_its_block() {
        // Two rows of two blocks of three elements, twice.
        let rows = RowLayout { size: 6, groups: 2, inner: 3, centered: true };
        let x = Storage::filled(24, 5.0);
        let (y, _) = standardize(x, Some(&[1.0; 4]), Some(&[1.0, 2.0, 3.0, 4.0]), rows, 1.0);
        let once = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0];
        assert_eq!(y.as_slice(), [once, once].concat());
    }

    #[test]
    fn a_large_mean_does_not_cancel() {
        let rows = RowLayout { size: 3, groups: 1, inner: 1, centered: true };
        let (y, _) =
            standardize(Storage::from_slice(&[1e7_f32, 1e7 + 1.0, 1e7 + 2.0]), None, None, rows, 0.0);
        assert!((y.as_slice()[2] - 1.5_f32.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn sums_agree_with_the_definition() {
        for len in [0, 1, 7, 8, 9, 30] {
            let g: Vec<f64> = (0..len).map(|i| f64::from(i) + 1.0).collect();
            let x: Vec<f64> = g.iter().map(|g| g * g).collect();
            let want = g.iter().zip(&x).map(|(g, x)| g * (x - 2.0)).sum::<f64>();
            assert_eq!(sums(&g, &x, 2.0), (g.iter().sum(), want));
        }
    }
}
