//! y = max x or mean x over windows that move over the last axes. dL/dx of the maximum is dL/dy at the first of the
//! largest elements, that of the mean is dL/dy spread over its window; both are summed where windows overlap.

use crate::element::{Element, Float, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::conv::pool::{self, Moving, Windows};
use crate::ops::support::results::Unary;
use crate::shape::{Const, Pool, Pooling, Resize, Resizing, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `max_pool1d` and `max_pool2d`.
pub struct MaxPoolBackward {
    index: Storage<i64>,
    planes: usize,
}

impl<S: Shape, T: Shape, E: Numeric> Pullback<S, T, E> for MaxPoolBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        let plane = S::NUMEL.checked_div(self.planes).unwrap_or(0);
        let (grad, index) = (grad.as_slice(), self.index.as_slice());
        Tensor::constant(pool::largest_gradient(grad, index, plane, self.planes))
    }
}

/// The backward pass of `avg_pool1d`, `avg_pool2d` and the adaptive forms.
pub struct AvgPoolBackward {
    windows: Windows,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for AvgPoolBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(pool::mean_gradient(grad.as_slice(), &self.windows))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The largest element of each window of size `K`. PyTorch's `max_pool1d(x, K, STRIDE, PADDING, DILATION)`.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`, where L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression.
    /// That the window fits is checked when the program is built. What is outside is never the largest; of equals the
    /// first is it, and a NaN if there is one.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let y = x.max_pool1d::<2, 1, 0, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[3.0, 3.0, 2.0]]]));
    /// ```
    pub fn max_pool1d<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Output, MaxPoolBackward>
    where
        E: Numeric,
        S: Pool<1, K, STRIDE, PADDING, DILATION>,
    {
        let () = Pooling::<S, true, 1, K, STRIDE, PADDING, DILATION>::FITS;
        self.largest_of(S::PLANES, &S::MOVING)
    }

    /// The mean of each window of size `K`, where what is outside counts as 0. PyTorch's
    /// `avg_pool1d(x, K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`, where L' = (L + 2 PADDING - K) / STRIDE + 1, an expression.
    /// That the window fits is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let y = x.avg_pool1d::<2, 2, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[0.5, 2.5, 0.0]]]));
    /// ```
    pub fn avg_pool1d<const K: usize, const STRIDE: usize, const PADDING: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Pool<1, K, STRIDE, PADDING, 1>,
    {
        let () = Pooling::<S, false, 1, K, STRIDE, PADDING, 1>::FITS;
        self.mean_of(Windows::moving(S::PLANES, &S::MOVING, true))
    }

    /// As [`avg_pool1d`](Self::avg_pool1d), where what is outside counts or not. PyTorch's `count_include_pad`.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let y = x.avg_pool1d_with::<2, 2, 1>(false);
    /// assert_eq!(y.with_shape(), Tensor::from([[[1.0, 2.5, 0.0]]]));
    /// ```
    pub fn avg_pool1d_with<const K: usize, const STRIDE: usize, const PADDING: usize>(
        self,
        count_include_pad: bool,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Pool<1, K, STRIDE, PADDING, 1>,
    {
        let () = Pooling::<S, false, 1, K, STRIDE, PADDING, 1>::FITS;
        self.mean_of(Windows::moving(S::PLANES, &S::MOVING, count_include_pad))
    }

    /// The means of as many windows as the result has elements, which cover the input evenly and overlap where it does
    /// not divide. PyTorch's `adaptive_avg_pool1d`.
    ///
    /// In: `[B, C, L0]`. Out: `[B, C, L]`. That there is an element to start from is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0]]]);
    /// assert_eq!(x.adaptive_avg_pool1d::<2>(), Tensor::from([[[2.0, 2.5]]]));
    /// ```
    pub fn adaptive_avg_pool1d<const L: usize>(self) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Resize<(Const<L>,)>,
    {
        let () = Resizing::<S, (Const<L>,)>::POSSIBLE;
        self.mean_of(Windows::adaptive(S::PLANES, S::INPUT, S::OUTPUT))
    }

    /// The largest element of each window of size `K`. PyTorch's `max_pool2d(x, K, STRIDE, PADDING, DILATION)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression, and W' likewise.
    /// That the window fits is checked when the program is built. What is outside is never the largest; of equals the
    /// first is it, and a NaN if there is one.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// let y = x.max_pool2d::<2, 2, 0, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[3.0]]]]));
    /// ```
    pub fn max_pool2d<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Output, MaxPoolBackward>
    where
        E: Numeric,
        S: Pool<2, K, STRIDE, PADDING, DILATION>,
    {
        let () = Pooling::<S, true, 2, K, STRIDE, PADDING, DILATION>::FITS;
        self.largest_of(S::PLANES, &S::MOVING)
    }

    /// The mean of each window of size `K`, where what is outside counts as 0. PyTorch's
    /// `avg_pool2d(x, K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - K) / STRIDE + 1, an expression, and W' likewise.
    /// That the window fits is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// let y = x.avg_pool2d::<2, 2, 0>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.5]]]]));
    /// ```
    pub fn avg_pool2d<const K: usize, const STRIDE: usize, const PADDING: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Pool<2, K, STRIDE, PADDING, 1>,
    {
        let () = Pooling::<S, false, 2, K, STRIDE, PADDING, 1>::FITS;
        self.mean_of(Windows::moving(S::PLANES, &S::MOVING, true))
    }

    /// As [`avg_pool2d`](Self::avg_pool2d), where what is outside counts or not. PyTorch's `count_include_pad`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[8.0]]]]);
    /// let y = x.clone().avg_pool2d_with::<2, 2, 1>(false);
    /// assert_eq!(y.with_shape(), x);
    /// assert_eq!(x.avg_pool2d_with::<2, 2, 1>(true).with_shape(), Tensor::from([[[[2.0]]]]));
    /// ```
    pub fn avg_pool2d_with<const K: usize, const STRIDE: usize, const PADDING: usize>(
        self,
        count_include_pad: bool,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Pool<2, K, STRIDE, PADDING, 1>,
    {
        let () = Pooling::<S, false, 2, K, STRIDE, PADDING, 1>::FITS;
        self.mean_of(Windows::moving(S::PLANES, &S::MOVING, count_include_pad))
    }

    /// The means of as many windows as the result has elements, which cover the input evenly and overlap where it does
    /// not divide. PyTorch's `adaptive_avg_pool2d`.
    ///
    /// In: `[B, C, H0, W0]`. Out: `[B, C, H, W]`. That there is an element to start from is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// assert_eq!(x.adaptive_avg_pool2d::<1, 2>(), Tensor::from([[[[1.5, 1.5]]]]));
    /// ```
    pub fn adaptive_avg_pool2d<const H: usize, const W: usize>(
        self,
    ) -> Unary<S, E, C, F, S::Output, AvgPoolBackward>
    where
        E: Float,
        S: Resize<(Const<H>, Const<W>)>,
    {
        let () = Resizing::<S, (Const<H>, Const<W>)>::POSSIBLE;
        self.mean_of(Windows::adaptive(S::PLANES, S::INPUT, S::OUTPUT))
    }

    /// The largest elements of windows that are known to fit.
    pub(crate) fn largest_of<T: Shape>(
        self,
        planes: usize,
        moving: &[Moving; 2],
    ) -> Unary<S, E, C, F, T, MaxPoolBackward>
    where
        E: Numeric,
    {
        let (x, flow) = self.into_parts();
        let (y, index) = pool::largest(x.as_slice(), &Windows::moving(planes, moving, false));
        Tensor::from_parts(y, flow.then(|| MaxPoolBackward { index, planes }))
    }

    /// The means of windows that are known to fit.
    pub(crate) fn mean_of<T: Shape>(self, windows: Windows) -> Unary<S, E, C, F, T, AvgPoolBackward>
    where
        E: Float,
    {
        let (x, flow) = self.into_parts();
        let y = pool::mean(x.as_slice(), &windows);
        Tensor::from_parts(y, flow.then(|| AvgPoolBackward { windows }))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, proptest};

    type Images = Rank4<2, 2, 5, 4>;

    /// f(elements inside, size of the window with the padding) for each window.
    fn naive<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
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

    fn largest(window: &[f64]) -> f64 {
        window.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Whole numbers, so that their sums are exact.
    fn integers(seed: u64) -> Tensor<Images, f64> {
        let mut rng = Rng::seed(seed);
        Tensor::from_fn(|_| rng.below(99) as f64 - 49.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn windows_agree_with_the_definition(seed in 0..u64::MAX) {
            let x = integers(seed);
            assert_eq!(x.clone().max_pool2d::<2, 2, 0, 1>().to_vec(), naive::<2, 2, 0, 1>(&x, [2, 2], largest));
            assert_eq!(x.clone().max_pool2d::<3, 1, 1, 1>().to_vec(), naive::<3, 1, 1, 1>(&x, [5, 4], largest));
            assert_eq!(x.clone().max_pool2d::<3, 2, 1, 2>().to_vec(), naive::<3, 2, 1, 2>(&x, [2, 1], largest));
            let padded = |window: &[f64]| window.iter().sum::<f64>() / 9.0;
            assert_eq!(x.clone().avg_pool2d::<3, 2, 1>().to_vec(), naive::<3, 2, 1, 1>(&x, [3, 2], padded));
            let inside = |window: &[f64]| window.iter().sum::<f64>() / window.len() as f64;
            assert_eq!(x.clone().avg_pool2d_with::<3, 1, 1>(false).to_vec(), naive::<3, 1, 1, 1>(&x, [5, 4], inside));
        }

        #[test]
        fn gradients_agree_with_differences(seed in 0..u64::MAX) {
            // Far from each other, so that a difference does not change which is the largest.
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Rank1<80>, f64>::randperm(rng).reshape::<Images>() * 0.05;
            gradcheck(x.clone(), |x| x.max_pool2d::<3, 2, 1, 1>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool2d::<3, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool2d_with::<3, 1, 1>(false).powi(2).sum()).unwrap();
            gradcheck(x, |x| x.adaptive_avg_pool2d::<3, 3>().powi(2).sum()).unwrap();
            let x = Tensor::<Rank1<42>, f64>::randperm(rng).reshape::<Rank3<2, 3, 7>>() * 0.05;
            gradcheck(x.clone(), |x| x.max_pool1d::<3, 1, 1, 2>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool1d::<3, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x, |x| x.adaptive_avg_pool1d::<4>().powi(2).sum()).unwrap();
        }
    }
}
