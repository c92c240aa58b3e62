//! Rows with mean 0 and variance 1: the arithmetic of layer, group and RMS normalization.

use super::norm_math::WeightAndBias;
use crate::element::Float;
use crate::kernel::axis::axis::AxisLayout;
use crate::kernel::axis::lanes::{self, PARALLEL};
use crate::kernel::elementwise::pointwise::fold;
use crate::kernel::threads::for_each_chunk2;
use crate::storage::Storage;

/// The rows of a tensor, and where their weights are.
#[derive(Clone, Copy, Debug)]
pub struct RowLayout {
    /// The length of a row.
    pub(crate) size: usize,
    /// The number of rows after which the weights repeat.
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
    #[inline(always)]
    pub(super) fn of<'w, E>(&self, weights: Option<&'w [E]>, i: usize) -> Option<&'w [E]> {
        let count = self.size / self.inner;
        weights.map(|weights| &weights[i % self.groups * count..][..count])
    }
}

/// The mean of each row and 1 / √(variance + ε), in turns.
pub struct Moments(Storage<f64>);

/// (x - mean) / √(variance + ε) for each row, times the weight, plus the bias; the variance is that with the divisor n.
#[inline(never)]
pub(crate) fn layer_norm<E: Float>(
    x: Storage<E>,
    weight: Option<&[E]>,
    bias: Option<&[E]>,
    rows: RowLayout,
    eps: f64,
) -> (Storage<E>, Moments) {
    let count = if x.is_empty() { 0 } else { x.len() / rows.size };
    let mut moments = Storage::unspecified(2 * count);
    let affine = WeightAndBias { weight, bias, rows };
    let along = AxisLayout { outer: count, size: rows.size, inner: 1 };
    let pairs = moments.make_mut().as_chunks_mut().0;
    let y = lanes::update_and_reduce(x, None, pairs, along, |first, rows, _, moments| {
        E::layer_norm(rows, affine, first, eps, moments);
    });
    (y, Moments(moments))
}

/// The number of rows of a group whose weight gradients are added in sequence.
const RUN: usize = 32;

/// The gradient of x where `needs_grad.0`, and those of the weight and the bias, concatenated, where `needs_grad.1`.
///
/// With x̂ = (x - mean) f and h = g w, where g is the gradient of the result and n the length of a row:
/// dL/dx = f (h - Σh / n - x̂ Σ(h x̂) / n), without the second term if the mean is not subtracted; dL/dw = Σ g x̂ and
/// dL/db = Σ g over the rows: over RUN rows of each group, and then over those sums.
#[inline(never)]
pub(crate) fn layer_norm_backward<E: Float>(
    mut grad: Storage<E>,
    x: &[E],
    Moments(moments): &Moments,
    weight: Option<&[E]>,
    rows: RowLayout,
    needs_grad: (bool, bool),
) -> (Option<Storage<E>>, Option<Storage<E>>) {
    let width = if needs_grad.1 { 2 * rows.weights() } else { 0 };
    let run = RUN * rows.groups * rows.size;
    let count = if grad.is_empty() { 0 } else { grad.len().div_ceil(run) };
    // One element at least, since a chunk of no elements is none.
    let part = width.max(1);
    let mut sums = Storage::filled(count * part, E::zero());
    let affine = WeightAndBias { weight, bias: None, rows };
    let moments = moments.as_chunks().0;
    let each = |i: usize, g: &mut [E], sums: &mut [E]| {
        let x = &x[i * run..][..g.len()];
        let moments = &moments[i * RUN * rows.groups..];
        E::layer_norm_backward(g, x, affine, moments, needs_grad.0, &mut sums[..width]);
    };
    if grad.len() < PARALLEL {
        let chunks = grad.make_mut().chunks_mut(run.max(1)).zip(sums.make_mut().chunks_mut(part));
        chunks.enumerate().for_each(|(i, (g, sums))| each(i, g, sums));
    } else {
        for_each_chunk2((grad.make_mut(), run), (sums.make_mut(), part), each);
    }
    let affine = needs_grad.1.then(|| if count == 1 { sums } else { fold(sums, width) });
    (needs_grad.0.then_some(grad), affine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_mean_0_and_variance_1() {
        let x: Vec<f64> = (0..60).map(|i| f64::from(i * i % 37)).collect();
        let rows = RowLayout { size: 20, groups: 1, inner: 1, centered: true };
        let (y, _) = layer_norm(Storage::from_slice(&x), None, None, rows, 0.0);
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
        let (y, _) = layer_norm(x, Some(&[1.0; 4]), Some(&[1.0, 2.0, 3.0, 4.0]), rows, 1.0);
        let once = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0];
        assert_eq!(y.as_slice(), [once, once].concat());
    }

    #[test]
    fn a_large_mean_does_not_cancel() {
        let rows = RowLayout { size: 3, groups: 1, inner: 1, centered: true };
        let (y, _) = layer_norm(Storage::from_slice(&[1e7_f32, 1e7 + 1.0, 1e7 + 2.0]), None, None, rows, 0.0);
        assert!((y.as_slice()[2] - 1.5_f32.sqrt()).abs() < 1e-6);
    }
}
