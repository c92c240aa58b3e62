//! Pooling by its definition, for the tests.

use crate::prelude::*;

pub(super) type Images = Rank4<2, 2, 5, 4>;

/// f(elements inside, size of the window with the padding) for each window.
pub(super) fn naive<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
    x: &Tensor<Images, f64>,
    [height, width]: [usize; 2],
    f: impl Fn(&[f64]) -> f64,
) -> Vec<f64> {
    let mut y = Vec::new();
    for at in 0..4 * height * width {
        let (plane, i, j) = (at / (height * width), at / width % height, at % width);
        let mut inside = Vec::new();
        for (k, l) in (0..K).flat_map(|k| (0..K).map(move |l| (k, l))) {
            let (row, column) = (i * STRIDE + k * DILATION, j * STRIDE + l * DILATION);
            if row >= PADDING && row < 5 + PADDING && column >= PADDING && column < 4 + PADDING {
                inside.push(x.as_slice()[plane * 20 + (row - PADDING) * 4 + column - PADDING]);
            }
        }
        y.push(f(&inside));
    }
    y
}

/// Integers, so that their sums are exact.
pub(super) fn integers(seed: u64) -> Tensor<Images, f64> {
    let mut rng = Rng::seed(seed);
    Tensor::from_fn(|_| rng.below(99) as f64 - 49.0)
}
