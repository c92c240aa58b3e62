//! y = max x or mean x over windows that move over the last axes. dL/dx of the maximum is dL/dy at the first of the
//! largest elements, that of the mean is dL/dy spread over its window; both are summed where windows overlap.

use crate::element::{Element, Float, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::pool::{self, Moving, Windows};
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

/// The methods for a number of axes: their names, shapes, assertions and examples. The assertions are arguments, so that
/// their errors point there and not into the macro.
macro_rules! pooling_methods {
    ($axes:literal, $max:ident, $avg:ident, $avg_with:ident, $adaptive:ident, $in:literal, $out:literal,
        [$($size:ident),+], $fits_max:expr, $fits_avg:expr, $possible:expr, $max_example:literal, $avg_example:literal, $with_example:literal, $adaptive_example:literal) => {
        #[doc = concat!("The largest element of each window of size `K`. PyTorch's `", stringify!($max),
            "(x, K, STRIDE, PADDING, DILATION)`.")]
        ///
        #[doc = concat!("In: `", $in, "`. Out: `", $out, "`, where")]
        /// L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression, and so for each axis. That the window fits
        /// is checked when the program is built. What is outside is never the largest; of equals the first is it, and NaN if
        /// there is one.
        ///
        /// ```
        /// use typegrad::prelude::*;
        #[doc = $max_example]
        /// ```
        pub fn $max<const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>(
            self,
        ) -> Tensor<S::Output, E, Graph<C, F::Then<S::Output, MaxPoolBackward>>>
        where
            E: Numeric,
            S: Pool<$axes, K, STRIDE, PADDING, DILATION>,
        {
            let () = $fits_max;
            self.largest_of(S::PLANES, &S::MOVING)
        }

        #[doc = concat!("The mean of each window of size `K`, where what is outside counts as 0. PyTorch's `", stringify!($avg),
            "(x, K, STRIDE, PADDING)`.")]
        ///
        #[doc = concat!("In: `", $in, "`. Out: `", $out, "`, where L' = (L + 2 PADDING - K) / STRIDE + 1, an")]
        /// expression, and so for each axis. That the window fits is checked when the program is built.
        ///
        /// ```
        /// use typegrad::prelude::*;
        #[doc = $avg_example]
        /// ```
        pub fn $avg<const K: usize, const STRIDE: usize, const PADDING: usize>(
            self,
        ) -> Tensor<S::Output, E, Graph<C, F::Then<S::Output, AvgPoolBackward>>>
        where
            E: Float,
            S: Pool<$axes, K, STRIDE, PADDING, 1>,
        {
            let () = $fits_avg;
            self.mean_of(Windows::moving(S::PLANES, &S::MOVING, true))
        }

        #[doc = concat!("As [`", stringify!($avg), "`](Self::", stringify!($avg), "), where what is outside counts or not.")]
        /// PyTorch's `count_include_pad`.
        ///
        #[doc = concat!("In: `", $in, "`. Out: `", $out, "`.")]
        ///
        /// ```
        /// use typegrad::prelude::*;
        #[doc = $with_example]
        /// ```
        pub fn $avg_with<const K: usize, const STRIDE: usize, const PADDING: usize>(
            self,
            count_include_pad: bool,
        ) -> Tensor<S::Output, E, Graph<C, F::Then<S::Output, AvgPoolBackward>>>
        where
            E: Float,
            S: Pool<$axes, K, STRIDE, PADDING, 1>,
        {
            let () = $fits_avg;
            self.mean_of(Windows::moving(S::PLANES, &S::MOVING, count_include_pad))
        }

        /// The means of as many windows as the result has elements, which cover each axis evenly and overlap where it does not
        #[doc = concat!("divide. PyTorch's `", stringify!($adaptive), "`.")]
        ///
        #[doc = concat!("In: `", $in, "`. Out: the same with the sizes that are written. That there is an element to start")]
        /// from is checked when the program is built.
        ///
        /// ```
        /// use typegrad::prelude::*;
        #[doc = $adaptive_example]
        /// ```
        pub fn $adaptive<$(const $size: usize),+>(
            self,
        ) -> Tensor<S::Output, E, Graph<C, F::Then<S::Output, AvgPoolBackward>>>
        where
            E: Float,
            S: Resize<($(Const<$size>,)+)>,
        {
            let () = $possible;
            self.mean_of(Windows::adaptive(S::PLANES, S::INPUT, S::OUTPUT))
        }
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    pooling_methods! {
        1, max_pool1d, avg_pool1d, avg_pool1d_with, adaptive_avg_pool1d, "[B, C, L]", "[B, C, L']", [L],
        Pooling::<S, true, 1, K, STRIDE, PADDING, DILATION>::FITS,
        Pooling::<S, false, 1, K, STRIDE, PADDING, 1>::FITS,
        Resizing::<S, (Const<L>,)>::POSSIBLE,
        "let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);\nlet y = x.max_pool1d::<2, 1, 0, 1>();\nassert_eq!(y.with_shape(), Tensor::from([[[3.0, 3.0, 2.0]]]));",
        "let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);\nlet y = x.avg_pool1d::<2, 2, 1>();\nassert_eq!(y.with_shape(), Tensor::from([[[0.5, 2.5, 0.0]]]));",
        "let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);\nlet y = x.avg_pool1d_with::<2, 2, 1>(false);\nassert_eq!(y.with_shape(), Tensor::from([[[1.0, 2.5, 0.0]]]));",
        "let x = Tensor::from([[[1.0, 3.0, 2.0]]]);\nassert_eq!(x.adaptive_avg_pool1d::<2>(), Tensor::from([[[2.0, 2.5]]]));"
    }

    pooling_methods! {
        2, max_pool2d, avg_pool2d, avg_pool2d_with, adaptive_avg_pool2d, "[B, C, H, W]", "[B, C, H', W']", [H, W],
        Pooling::<S, true, 2, K, STRIDE, PADDING, DILATION>::FITS,
        Pooling::<S, false, 2, K, STRIDE, PADDING, 1>::FITS,
        Resizing::<S, (Const<H>, Const<W>)>::POSSIBLE,
        "let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);\nlet y = x.max_pool2d::<2, 2, 0, 1>();\nassert_eq!(y.with_shape(), Tensor::from([[[[3.0]]]]));",
        "let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);\nlet y = x.avg_pool2d::<2, 2, 0>();\nassert_eq!(y.with_shape(), Tensor::from([[[[1.5]]]]));",
        "let x = Tensor::from([[[[8.0]]]]);\nassert_eq!(x.clone().avg_pool2d_with::<2, 2, 1>(false).with_shape(), x.clone());\nassert_eq!(x.clone().avg_pool2d_with::<2, 2, 1>(true).with_shape(), Tensor::from([[[[2.0]]]]));",
        "let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);\nassert_eq!(x.adaptive_avg_pool2d::<1, 2>(), Tensor::from([[[[1.5, 1.5]]]]));"
    }

    /// The largest elements of windows that are known to fit.
    pub(crate) fn largest_of<T: Shape>(
        self,
        planes: usize,
        moving: &[Moving; 2],
    ) -> Tensor<T, E, Graph<C, F::Then<T, MaxPoolBackward>>>
    where
        E: Numeric,
    {
        let (x, flow) = self.into_parts();
        let (y, index) = pool::largest(x.as_slice(), &Windows::moving(planes, moving, false));
        Tensor::from_parts(y, flow.then(|| MaxPoolBackward { index, planes }))
    }

    /// The means of windows that are known to fit.
    pub(crate) fn mean_of<T: Shape>(
        self,
        windows: Windows,
    ) -> Tensor<T, E, Graph<C, F::Then<T, AvgPoolBackward>>>
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
            let x = Tensor::<Images, f64>::randn(&mut Rng::seed(seed));
            gradcheck(x.clone(), |x| x.max_pool2d::<3, 2, 1, 1>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool2d::<3, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool2d_with::<3, 1, 1>(false).powi(2).sum()).unwrap();
            gradcheck(x, |x| x.adaptive_avg_pool2d::<3, 3>().powi(2).sum()).unwrap();
            let x = Tensor::<Rank3<2, 3, 7>, f64>::randn(&mut Rng::seed(seed));
            gradcheck(x.clone(), |x| x.max_pool1d::<3, 1, 1, 2>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool1d::<3, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x, |x| x.adaptive_avg_pool1d::<4>().powi(2).sum()).unwrap();
        }
    }
}
