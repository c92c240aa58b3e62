//! y = max x over windows that move over the last axes; dL/dx is dL/dy at the first of the largest elements, summed where
//! windows overlap.

use crate::element::{Element, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::pool::{Moving, Windows};
use crate::kernel::conv::pool_indices::largest_indices;
use crate::ops::support::results::{ContextOf, ElementOf, FlowOf, OverVolumes, ShapeOf, Unary};
use crate::shape::{Broken, Law, Pool, Pooling, Shape, Window};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `max_pool1d` and `max_pool2d`, and of each of the two passes of `max_pool3d`.
pub struct MaxPoolBackward<E, L = ()> {
    x: Storage<E>,
    windows: Windows,
    law: PhantomData<fn() -> L>,
}

impl<S: Shape, T: Shape, E: Numeric, L: Law> Pullback<S, T, E> for MaxPoolBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::largest_gradient(self.x.as_slice(), grad.as_slice(), &self.windows))
    }
}

/// The largest elements of windows `W` over the last `AXES` axes of a tensor `X`.
pub type MaxPooled<X, const AXES: usize, W> = Unary<
    ShapeOf<X>,
    ElementOf<X>,
    ContextOf<X>,
    FlowOf<X>,
    <ShapeOf<X> as Pool<AXES, W>>::Output,
    MaxPoolBackward<ElementOf<X>, <ShapeOf<X> as Pool<AXES, W>>::Fits<true>>,
>;

/// The largest elements of windows `W` over volumes `X`, a tensor: of those of planes, over the depth.
pub type MaxPooled3d<X, W> = OverVolumes<
    X,
    W,
    MaxPoolBackward<ElementOf<X>>,
    MaxPoolBackward<ElementOf<X>, <ShapeOf<X> as Pool<3, W>>::Fits<true>>,
>;

/// The indices of [`MaxPooled`].
pub type MaxIndices<X, const AXES: usize, W> = Tensor<<ShapeOf<X> as Pool<AXES, W>>::Output, i64>;

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
    /// A window that does not fit does not build. Padding never wins; ties go to the first element; NaN
    /// wins. A window that lies in the padding alone gives -∞.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let y = x.max_pool1d::<2, 1, 0, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[3.0, 3.0, 2.0]]]));
    /// ```
    #[rustfmt::skip]
    pub fn max_pool1d< // `x.max_pool1d::<2, 2, 0, 1>()`
        const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,
    >(
        self,
    ) -> MaxPooled<Self, 1, Window<K, STRIDE, PADDING, DILATION>>
    where
        E: Numeric,
        S: Pool<1, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 1, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_of(S::PLANES, &S::MOVING)
    }

    /// The largest element of each window of size `K`. PyTorch's `max_pool2d(x, K, STRIDE, PADDING, DILATION)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, where H' = (H + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression, and W' likewise.
    /// A window that does not fit does not build. Padding never wins; ties go to the first element; NaN
    /// wins. A window that lies in the padding alone gives -∞.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// let y = x.max_pool2d::<2, 2, 0, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[3.0]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn max_pool2d< // `x.max_pool2d::<2, 2, 0, 1>()`
        const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,
    >(
        self,
    ) -> MaxPooled<Self, 2, Window<K, STRIDE, PADDING, DILATION>>
    where
        E: Numeric,
        S: Pool<2, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 2, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_of(S::PLANES, &S::MOVING)
    }

    /// The largest element of each window, with a [`Window`] for the height and one for the width. PyTorch's
    /// `max_pool2d(x, (KH, KW), (SH, SW), (PH, PW), (DH, DW))`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, H', W']` as for [`max_pool2d`](Self::max_pool2d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0, 2.0], [2.0, 0.0, 5.0]]]]);
    /// let y = x.max_pool2d_rect::<Window<1>, Window<2>>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[3.0, 3.0], [2.0, 5.0]]]]));
    /// ```
    pub fn max_pool2d_rect<WH, WW>(self) -> MaxPooled<Self, 2, (WH, WW)>
    where
        E: Numeric,
        S: Pool<2, (WH, WW)>,
    {
        let () = Pooling::<S, true, 2, (WH, WW)>::HOLDS;
        self.largest_of(S::PLANES, &S::MOVING)
    }

    /// The largest element of each window of size `K`. PyTorch's `max_pool3d(x, K, STRIDE, PADDING, DILATION)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, where D' = (D + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an
    /// expression, and H' and W' likewise. Otherwise as [`max_pool2d`](Self::max_pool2d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]);
    /// let y = x.max_pool3d::<2, 2, 0, 1>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[[7.0]]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn max_pool3d< // `x.max_pool3d::<2, 2, 0, 1>()`
        const K: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize,
    >(
        self,
    ) -> MaxPooled3d<Self, Window<K, STRIDE, PADDING, DILATION>>
    where
        E: Numeric,
        S: Pool<3, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 3, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_of_volumes()
    }

    /// The largest element of each window, with a [`Window`] for the depth, one for the height and one for the width. PyTorch's
    /// `max_pool3d(x, (KD, KH, KW), (SD, SH, SW), (PD, PH, PW), (DD, DH, DW))`.
    ///
    /// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']` as for [`max_pool3d`](Self::max_pool3d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]);
    /// let y = x.max_pool3d_rect::<Window<1>, Window<2>, Window<2>>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[[3.0]], [[7.0]]]]]));
    /// ```
    pub fn max_pool3d_rect<WD, WH, WW>(self) -> MaxPooled3d<Self, (WD, WH, WW)>
    where
        E: Numeric,
        S: Pool<3, (WD, WH, WW)>,
    {
        let () = Pooling::<S, true, 3, (WD, WH, WW)>::HOLDS;
        self.largest_of_volumes()
    }

    /// The largest element of each window, as [`max_pool1d`](Self::max_pool1d), and its index in its signal. PyTorch's
    /// `max_pool1d(x, K, STRIDE, PADDING, DILATION, return_indices=True)`.
    ///
    /// In: `[B, C, L]`. Out: twice the shape of `max_pool1d`. Of several NaN it is the last one's.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 3.0, 2.0, 0.0]]]);
    /// let (values, indices) = x.max_pool1d_with_indices::<2, 2, 0, 1>();
    /// assert_eq!(values.with_shape(), Tensor::from([[[3.0, 2.0]]]));
    /// assert_eq!(indices.with_shape(), Tensor::from([[[1, 2]]]));
    /// ```
    pub fn max_pool1d_with_indices<
        const K: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
    >(
        self,
    ) -> (
        MaxPooled<Self, 1, Window<K, STRIDE, PADDING, DILATION>>,
        MaxIndices<Self, 1, Window<K, STRIDE, PADDING, DILATION>>,
    )
    where
        E: Numeric,
        S: Pool<1, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 1, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_with_indices::<1, Window<K, STRIDE, PADDING, DILATION>>()
    }

    /// The largest element of each window, as [`max_pool2d`](Self::max_pool2d), and its index in its image. PyTorch's
    /// `max_pool2d(x, K, STRIDE, PADDING, DILATION, return_indices=True)`.
    ///
    /// In: `[B, C, H, W]`. Out: twice the shape of `max_pool2d`. An index counts row by row. Of several NaN it is the last one's.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0], [2.0, 0.0]]]]);
    /// let (values, indices) = x.max_pool2d_with_indices::<2, 2, 0, 1>();
    /// assert_eq!(values.with_shape(), Tensor::from([[[[3.0]]]]));
    /// assert_eq!(indices.with_shape(), Tensor::from([[[[1]]]]));
    /// ```
    pub fn max_pool2d_with_indices<
        const K: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
    >(
        self,
    ) -> (
        MaxPooled<Self, 2, Window<K, STRIDE, PADDING, DILATION>>,
        MaxIndices<Self, 2, Window<K, STRIDE, PADDING, DILATION>>,
    )
    where
        E: Numeric,
        S: Pool<2, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 2, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_with_indices::<2, Window<K, STRIDE, PADDING, DILATION>>()
    }

    /// The largest element of each window, as [`max_pool2d_rect`](Self::max_pool2d_rect), and its index in its image. PyTorch's
    /// `max_pool2d(x, (KH, KW), (SH, SW), (PH, PW), (DH, DW), return_indices=True)`.
    ///
    /// In: `[B, C, H, W]`. Out: twice the shape of `max_pool2d_rect`, as for
    /// [`max_pool2d_with_indices`](Self::max_pool2d_with_indices).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 3.0, 2.0], [2.0, 0.0, 5.0]]]]);
    /// let (values, indices) = x.max_pool2d_rect_with_indices::<Window<1>, Window<2>>();
    /// assert_eq!(values.with_shape(), Tensor::from([[[[3.0, 3.0], [2.0, 5.0]]]]));
    /// assert_eq!(indices.with_shape(), Tensor::from([[[[1, 1], [3, 5]]]]));
    /// ```
    pub fn max_pool2d_rect_with_indices<WH, WW>(
        self,
    ) -> (MaxPooled<Self, 2, (WH, WW)>, MaxIndices<Self, 2, (WH, WW)>)
    where
        E: Numeric,
        S: Pool<2, (WH, WW)>,
    {
        let () = Pooling::<S, true, 2, (WH, WW)>::HOLDS;
        self.largest_with_indices::<2, (WH, WW)>()
    }

    /// The largest element of each window, as [`max_pool3d`](Self::max_pool3d), and its index in its volume. PyTorch's
    /// `max_pool3d(x, K, STRIDE, PADDING, DILATION, return_indices=True)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: twice the shape of `max_pool3d`. An index counts plane by plane, and row by row. Of several NaN
    /// it is the last one's.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [7.0, 6.0]]]]]);
    /// let (values, indices) = x.max_pool3d_with_indices::<2, 2, 0, 1>();
    /// assert_eq!(values.with_shape(), Tensor::from([[[[[7.0]]]]]));
    /// assert_eq!(indices.with_shape(), Tensor::from([[[[[6]]]]]));
    /// ```
    pub fn max_pool3d_with_indices<
        const K: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
    >(
        self,
    ) -> (
        MaxPooled3d<Self, Window<K, STRIDE, PADDING, DILATION>>,
        MaxIndices<Self, 3, Window<K, STRIDE, PADDING, DILATION>>,
    )
    where
        E: Numeric,
        S: Pool<3, Window<K, STRIDE, PADDING, DILATION>>,
    {
        let () = Pooling::<S, true, 3, Window<K, STRIDE, PADDING, DILATION>>::HOLDS;
        self.largest_of_volumes_with_indices::<Window<K, STRIDE, PADDING, DILATION>>()
    }

    /// The largest element of each window, as [`max_pool3d_rect`](Self::max_pool3d_rect), and its index in its volume. PyTorch's
    /// `max_pool3d(x, (KD, KH, KW), (SD, SH, SW), (PD, PH, PW), (DD, DH, DW), return_indices=True)`.
    ///
    /// In: `[B, C, D, H, W]`. Out: twice the shape of `max_pool3d_rect`, as for
    /// [`max_pool3d_with_indices`](Self::max_pool3d_with_indices).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[[1.0, 3.0], [2.0, 0.0]], [[5.0, 4.0], [7.0, 6.0]]]]]);
    /// let (values, indices) = x.max_pool3d_rect_with_indices::<Window<1>, Window<2>, Window<2>>();
    /// assert_eq!(values.with_shape(), Tensor::from([[[[[3.0]], [[7.0]]]]]));
    /// assert_eq!(indices.with_shape(), Tensor::from([[[[[1]], [[6]]]]]));
    /// ```
    pub fn max_pool3d_rect_with_indices<WD, WH, WW>(
        self,
    ) -> (MaxPooled3d<Self, (WD, WH, WW)>, MaxIndices<Self, 3, (WD, WH, WW)>)
    where
        E: Numeric,
        S: Pool<3, (WD, WH, WW)>,
    {
        let () = Pooling::<S, true, 3, (WD, WH, WW)>::HOLDS;
        self.largest_of_volumes_with_indices::<(WD, WH, WW)>()
    }

    /// The largest elements of windows `W` over volumes, which fit, and their indices.
    fn largest_of_volumes_with_indices<W>(self) -> (MaxPooled3d<Self, W>, MaxIndices<Self, 3, W>)
    where
        E: Numeric,
        S: Pool<3, W>,
    {
        let (volumes, [depth, _]) = &S::DEPTHS;
        let windows = Windows::moving(S::PLANES, &S::MOVING, false);
        let indices = largest_indices(self.data.as_slice(), (*volumes, depth), &windows);
        (self.largest_of_volumes(), Tensor::constant(indices))
    }

    /// The largest elements of windows `W`, which fit, and their indices.
    fn largest_with_indices<const AXES: usize, W>(
        self,
    ) -> (MaxPooled<Self, AXES, W>, MaxIndices<Self, AXES, W>)
    where
        E: Numeric,
        S: Pool<AXES, W>,
    {
        let windows = Windows::moving(S::PLANES, &S::MOVING, false);
        let indices = largest_indices(self.data.as_slice(), (S::PLANES, &Moving::NONE), &windows);
        let largest = self.largest_of(S::PLANES, &S::MOVING);
        (largest, Tensor::constant(indices))
    }

    /// The largest elements of windows `W` over volumes that are known to fit: of those of planes, over the depth.
    pub(crate) fn largest_of_volumes<W, L: Law>(
        self,
    ) -> OverVolumes<Self, W, MaxPoolBackward<E>, MaxPoolBackward<E, L>>
    where
        E: Numeric,
        S: Pool<3, W>,
    {
        let planes = self.largest_of::<S::Planes, ()>(S::PLANES, &S::MOVING);
        planes.largest_of(S::DEPTHS.0, &S::DEPTHS.1)
    }

    /// The largest elements of windows that are known to fit.
    pub(crate) fn largest_of<T: Shape, L: Law>(
        self,
        planes: usize,
        moving: &[Moving; 2],
    ) -> Unary<S, E, C, F, T, MaxPoolBackward<E, L>>
    where
        E: Numeric,
    {
        let (x, flow) = self.into_waiting();
        let windows = Windows::moving(planes, moving, false);
        let y = E::largest(x.as_slice(), &windows);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).then(|| MaxPoolBackward { x, windows, law: PhantomData }),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::ops::conv::pool_definition::{Images, integers, naive};
    use crate::prelude::*;
    use proptest::prelude::{ProptestConfig, proptest};

    fn largest(window: &[f64]) -> f64 {
        window.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    #[test]
    fn a_window_without_elements_gives_negative_infinity_and_no_gradient() {
        let signal = Param::new(Tensor::from([[[1.0_f32, 2.0]]]));
        let y = signal.track().max_pool1d::<2, 1, 1, 3>();
        assert_eq!(y.value().to_vec(), [f32::NEG_INFINITY]);
        y.sum().backward();
        assert_eq!(signal.grad().unwrap().to_vec(), [0.0; 2]);
        let image = Param::new(Tensor::from([[[[1.0_f64, 2.0], [3.0, 4.0]]]]));
        let y = image.track().max_pool2d::<2, 1, 1, 3>();
        assert_eq!(y.value().to_vec(), [f64::NEG_INFINITY]);
        y.sum().backward();
        assert_eq!(image.grad().unwrap().to_vec(), [0.0; 4]);
        let y = image.track().max_pool2d_rect::<Window<2>, Window<2, 1, 1, 3>>();
        assert_eq!(y.value().to_vec(), [f64::NEG_INFINITY]);
        let empty = Tensor::<Rank3<1, 2, 0>>::zeros().max_pool1d::<2, 1, 1, 1>();
        assert_eq!(empty.to_vec(), [f32::NEG_INFINITY; 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn windows_agree_with_the_definition(seed in 0..u64::MAX) {
            let x = integers(seed);
            assert_eq!(x.clone().max_pool2d::<2, 2, 0, 1>().to_vec(), naive::<2, 2, 0, 1>(&x, [2, 2], largest));
            assert_eq!(x.clone().max_pool2d::<3, 1, 1, 1>().to_vec(), naive::<3, 1, 1, 1>(&x, [5, 4], largest));
            assert_eq!(x.clone().max_pool2d::<3, 2, 1, 2>().to_vec(), naive::<3, 2, 1, 2>(&x, [2, 1], largest));
        }

        #[test]
        fn gradients_agree_with_differences(seed in 0..u64::MAX) {
            // Far from each other, so that a difference does not change which is the largest.
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Rank1<80>, f64>::randperm(rng).reshape::<Images>() * 0.05;
            gradcheck(x, |x| x.max_pool2d::<3, 2, 1, 1>().powi(2).sum()).unwrap();
            let x = Tensor::<Rank1<42>, f64>::randperm(rng).reshape::<Rank3<2, 3, 7>>() * 0.05;
            gradcheck(x, |x| x.max_pool1d::<3, 1, 1, 2>().powi(2).sum()).unwrap();
        }

        #[test]
        fn gradients_of_windows_by_axis_and_of_volumes_agree_with_differences(seed in 0..u64::MAX) {
            let rng = &mut Rng::seed(seed);
            let x = Tensor::<Rank1<80>, f64>::randperm(rng).reshape::<Images>() * 0.05;
            gradcheck(x, |x| {
                x.max_pool2d_rect_with_indices::<Window<2, 1, 1, 2>, Window<3, 2, 1>>().0.powi(2).sum()
            })
            .unwrap();
            let x = Tensor::<Rank1<80>, f64>::randperm(rng).reshape::<Rank5<1, 2, 5, 2, 4>>() * 0.05;
            gradcheck(x.clone(), |x| x.max_pool3d::<2, 2, 1, 2>().powi(2).sum()).unwrap();
            type V<const K: usize, const S: usize, const P: usize, const D: usize> = Window<K, S, P, D>;
            gradcheck(x, |x| {
                let (y, _) = x.max_pool3d_rect_with_indices::<V<3, 1, 1, 2>, V<1, 1, 0, 1>, V<2, 2, 1, 3>>();
                y.powi(2).sum()
            })
            .unwrap();
        }
    }
}
