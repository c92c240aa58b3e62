//! y = mean x over windows that move over the last axes; dL/dx is dL/dy spread over its window, summed where windows
//! overlap.

use crate::element::{Element, Float};
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::pool::Windows;
use crate::ops::support::results::{ContextOf, ElementOf, FlowOf, OverVolumes, ShapeOf, Unary};
use crate::shape::{Broken, Law, Pool, Pooling, Shape, Window};
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `avg_pool1d`, `avg_pool2d` and the adaptive forms, and of each of the two passes of `avg_pool3d`.
pub struct AvgPoolBackward<L = ()> {
    windows: Windows,
    law: PhantomData<fn() -> L>,
}

impl<S: Shape, T: Shape, E: Float, L: Law> Pullback<S, T, E> for AvgPoolBackward<L> {
    const BROKEN: Broken = L::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::means_gradient(grad.as_slice(), &self.windows))
    }
}

/// The means of windows `W` over the last `AXES` axes of a tensor `X`.
pub type AvgPooled<X, const AXES: usize, W> = Unary<
    ShapeOf<X>,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<X>,
    <ShapeOf<X> as Pool<AXES, W>>::Output,
    AvgPoolBackward<<ShapeOf<X> as Pool<AXES, W>>::Fits<false>>,
>;

/// The means of windows `W` over volumes `X`, a tensor: of those of planes, over the depth.
pub type AvgPooled3d<X, W> =
    OverVolumes<X, W, AvgPoolBackward, AvgPoolBackward<<ShapeOf<X> as Pool<3, W>>::Fits<false>>>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of each window of size `K`, where what is outside counts as 0. PyTorch's
    /// `avg_pool1d(x, K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, L]`. Out: `[B, C, L']`, where L' = (L + 2 PADDING - K) / STRIDE + 1, an expression.
    /// A window that does not fit does not build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let y = x.avg_pool1d::<2, 2, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[0.5, 2.5, 0.0]]]));
    /// ```
    #[rustfmt::skip]
    pub fn avg_pool1d<const K: usize, const STRIDE: usize, const PADDING: usize>( // `x.avg_pool1d::<2, 2, 0>()`
        self,
    ) -> AvgPooled<Self, 1, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<1, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 1, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of::<1, Window<K, STRIDE, PADDING>>(true)
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
    ) -> AvgPooled<Self, 1, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<1, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 1, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of::<1, Window<K, STRIDE, PADDING>>(count_include_pad)
    }

    /// The mean of each window of size `K`, where what is outside counts as 0. PyTorch's
    /// `avg_pool2d(x, K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - K) / STRIDE + 1, an expression, and W' likewise.
    /// A window that does not fit does not build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// let y = x.avg_pool2d::<2, 2, 0>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.5]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn avg_pool2d<const K: usize, const STRIDE: usize, const PADDING: usize>( // `x.avg_pool2d::<2, 2, 0>()`
        self,
    ) -> AvgPooled<Self, 2, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<2, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 2, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of::<2, Window<K, STRIDE, PADDING>>(true)
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
    ) -> AvgPooled<Self, 2, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<2, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 2, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of::<2, Window<K, STRIDE, PADDING>>(count_include_pad)
    }

    /// The mean of each window, with a [`Window`] for the height and one for the width, where what is outside counts as 0
    /// or not. PyTorch's `avg_pool2d(x, (KH, KW), (SH, SW), (PH, PW), False, count_include_pad)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']` as for [`avg_pool2d`](Self::avg_pool2d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0, 2.0], [2.0, 0.0, 5.0]]]]);
    /// let y = x.avg_pool2d_rect::<Window<1>, Window<2>>(true);
    /// assert_eq!(y.with_shape(), Tensor::from([[[[2.0, 2.5], [1.0, 2.5]]]]));
    /// ```
    pub fn avg_pool2d_rect<WH, WW>(self, count_include_pad: bool) -> AvgPooled<Self, 2, (WH, WW)>
    where
        E: Float,
        S: Pool<2, (WH, WW)>,
    {
        let () = Pooling::<S, false, 2, (WH, WW)>::HOLDS;
        self.means_of::<2, (WH, WW)>(count_include_pad)
    }

    /// The mean of each window of size `K`, where what is outside counts as 0. PyTorch's
    /// `avg_pool3d(x, K, STRIDE, PADDING)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, where D' = (D + 2 PADDING - K) / STRIDE + 1, an expression, and H' and W'
    /// likewise. A window that does not fit does not build.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]);
    /// let y = x.avg_pool3d::<2, 2, 0>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[[3.5]]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn avg_pool3d<const K: usize, const STRIDE: usize, const PADDING: usize>( // `x.avg_pool3d::<2, 2, 0>()`
        self,
    ) -> AvgPooled3d<Self, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<3, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 3, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of_volumes(true)
    }

    /// As [`avg_pool3d`](Self::avg_pool3d), where what is outside counts or not. PyTorch's `count_include_pad`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[8.0]]]]]);
    /// let y = x.clone().avg_pool3d_with::<2, 2, 1>(false);
    /// assert_eq!(y.with_shape(), x);
    /// assert_eq!(x.avg_pool3d_with::<2, 2, 1>(true).with_shape(), Tensor::from([[[[[1.0]]]]]));
    /// ```
    pub fn avg_pool3d_with<const K: usize, const STRIDE: usize, const PADDING: usize>(
        self,
        count_include_pad: bool,
    ) -> AvgPooled3d<Self, Window<K, STRIDE, PADDING>>
    where
        E: Float,
        S: Pool<3, Window<K, STRIDE, PADDING>>,
    {
        let () = Pooling::<S, false, 3, Window<K, STRIDE, PADDING>>::HOLDS;
        self.means_of_volumes(count_include_pad)
    }

    /// The mean of each window, with a [`Window`] for the depth, one for the height and one for the width, where what is outside
    /// counts as 0 or not. PyTorch's `avg_pool3d(x, (KD, KH, KW), (SD, SH, SW), (PD, PH, PW), False, count_include_pad)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']` as for [`avg_pool3d`](Self::avg_pool3d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]);
    /// let y = x.avg_pool3d_rect::<Window<1>, Window<2>, Window<2>>(true);
    /// assert_eq!(y.with_shape(), Tensor::from([[[[[1.5]], [[5.5]]]]]));
    /// ```
    pub fn avg_pool3d_rect<WD, WH, WW>(self, count_include_pad: bool) -> AvgPooled3d<Self, (WD, WH, WW)>
    where
        E: Float,
        S: Pool<3, (WD, WH, WW)>,
    {
        let () = Pooling::<S, false, 3, (WD, WH, WW)>::HOLDS;
        self.means_of_volumes(count_include_pad)
    }

    /// The means of windows `W`, which fit; what is outside counts as 0, or not.
    fn means_of<const AXES: usize, W>(self, count_include_pad: bool) -> AvgPooled<Self, AXES, W>
    where
        E: Float,
        S: Pool<AXES, W>,
    {
        let windows = Windows::moving(S::PLANES, &S::MOVING, count_include_pad);
        self.mean_of(windows)
    }

    /// The means of windows `W` over volumes that are known to fit: of those of planes, over the depth.
    pub(crate) fn means_of_volumes<W, L: Law>(
        self,
        count_include_pad: bool,
    ) -> OverVolumes<Self, W, AvgPoolBackward, AvgPoolBackward<L>>
    where
        E: Float,
        S: Pool<3, W>,
    {
        let windows = |planes, moving| Windows::moving(planes, moving, count_include_pad);
        let planes = self.mean_of::<S::Planes, ()>(windows(S::PLANES, &S::MOVING));
        planes.mean_of(windows(S::DEPTHS.0, &S::DEPTHS.1))
    }

    /// The means of windows that are known to fit.
    pub(crate) fn mean_of<T: Shape, L: Law>(
        self,
        windows: Windows,
    ) -> Unary<S, E, C, F, T, AvgPoolBackward<L>>
    where
        E: Float,
    {
        let (x, flow) = self.into_waiting();
        let y = E::means(x.as_slice(), &windows);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then(|| AvgPoolBackward { windows, law: PhantomData }),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::conv::pool_definition::{Images, integers, naive};
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, proptest};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn windows_agree_with_the_definition(seed in 0..u64::MAX) {
            let x = integers(seed);
            let padded = |window: &[f64]| window.iter().sum::<f64>() / 9.0;
            assert_eq!(x.clone().avg_pool2d::<3, 2, 1>().to_vec(), naive::<3, 2, 1, 1>(&x, [3, 2], padded));
            let inside = |window: &[f64]| window.iter().sum::<f64>() / window.len() as f64;
            assert_eq!(x.clone().avg_pool2d_with::<3, 1, 1>(false).to_vec(), naive::<3, 1, 1, 1>(&x, [5, 4], inside));
        }

        #[test]
        fn gradients_agree_with_differences(seed in 0..u64::MAX) {
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Images, f64>::randn(rng);
            gradcheck(x.clone(), |x| x.avg_pool2d::<3, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x, |x| x.avg_pool2d_with::<3, 1, 1>(false).powi(2).sum()).unwrap();
            let x = Tensor::<Rank3<2, 3, 7>, f64>::randn(rng);
            gradcheck(x, |x| x.avg_pool1d::<3, 2, 1>().powi(2).sum()).unwrap();
            let x = Tensor::<Rank5<1, 2, 4, 3, 2>, f64>::randn(rng);
            gradcheck(x.clone(), |x| x.avg_pool3d::<2, 2, 1>().powi(2).sum()).unwrap();
            gradcheck(x.clone(), |x| x.avg_pool3d_with::<3, 2, 1>(false).powi(2).sum()).unwrap();
            gradcheck(x, |x| x.avg_pool3d_rect::<Window<3, 1, 1>, Window<1, 2>, Window<2>>(false).powi(2).sum()).unwrap();
        }
    }
}
