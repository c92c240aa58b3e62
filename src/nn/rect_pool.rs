//! Pooling layers whose windows differ by axis.

use super::conv_layer::tuple;
use super::pool::{TakesImages, count_include_pad, takes_images, without_parameters};
use super::{Forward, Init, Module, Visitor, VisitorMut};
use crate::element::Float;
use crate::graph::Mode;
use crate::kernel::conv::pool::Windows;
use crate::module::Follower;
use crate::rng::Rng;
use crate::shape::{Broken, Const, Dim, DimExpr, Expr, Law, Laws, Pool, Pooling, WindowAxis};
use crate::tensor::{Input, Traced};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;

/// A pooling with a window for each of the last `$axes` axes.
macro_rules! pools {
    ([$($window:ident),+] $layer:ty, $max:literal, $axes:literal, [$($dim:ident)*], |$this:ident, $x:ident| $pooled:expr) => {
        without_parameters!([$($window),+] $layer);

        impl<$($window),+> Init for $layer {
            fn new(_: &mut Rng) -> Self {
                Self::default()
            }
        }

        impl<S: Pool<$axes, ($($window),+)>, E: Float, $($window),+> TakesImages<S, E> for $layer {
            type Pooled = S::Output;
            const BROKEN: Broken = Pooling::<S, $max, $axes, ($($window),+)>::BROKEN;
            fn pooled<M: Mode>(&self, $x: Input<S, M, E>) -> impl Traced<Self::Pooled, M, E> {
                let $this = self;
                $pooled
            }
        }

        takes_images!([$($window: WindowAxis),+] $layer, [$($dim)*] W);
    };
}

/// The largest element of each window of an image, with a [`Window`](crate::Window) for the height and one for the width.
/// PyTorch's `nn.MaxPool2d((KH, KW), (SH, SW), (PH, PW), (DH, DW))`.
///
/// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, as for [`MaxPool2d`](super::MaxPool2d). The stride is that of the windows:
/// 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectMaxPool2d::<Window<1>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[3.0], [2.0]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectMaxPool2d<WH, WW>(PhantomData<fn() -> (WH, WW)>);

impl<WH, WW> Default for RectMaxPool2d<WH, WW> {
    fn default() -> Self {
        RectMaxPool2d(PhantomData)
    }
}

impl<WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectMaxPool2d<WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let [padding, dilation] = [tuple(&windows, |w| w.padding), tuple(&windows, |w| w.dilation)];
        write!(f, "MaxPool2d(kernel_size={kernel}, stride={stride}, padding={padding}, ")?;
        write!(f, "dilation={dilation}, ceil_mode=False)")
    }
}

pools!([WH, WW] RectMaxPool2d<WH, WW>, true, 2, [H], |_this, x| x.largest_of::<_, ()>(S::PLANES, &S::MOVING));

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectMaxPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

/// The mean of each window of an image, with a [`Window`](crate::Window) for the height and one for the width. PyTorch's
/// `nn.AvgPool2d((KH, KW), (SH, SW), (PH, PW))`.
///
/// In: `[B, C, H, W]`. Out: `[B, C, H', W']`, as for [`AvgPool2d`](super::AvgPool2d). The stride is that of the windows:
/// 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectAvgPool2d::<Window<1>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[1.0_f32, 3.0], [2.0, 0.0]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[2.0], [1.0]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectAvgPool2d<WH, WW> {
    count_include_pad: bool,
    #[serde(skip)]
    windows: PhantomData<fn() -> (WH, WW)>,
}

count_include_pad!([WH, WW] RectAvgPool2d<WH, WW>, { windows: PhantomData });

impl<WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectAvgPool2d<WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let padding = tuple(&windows, |w| w.padding);
        write!(f, "AvgPool2d(kernel_size={kernel}, stride={stride}, padding={padding})")
    }
}

pools!([WH, WW] RectAvgPool2d<WH, WW>, false, 2, [H], |this, x| {
    x.mean_of::<_, ()>(Windows::moving(S::PLANES, &S::MOVING, this.count_include_pad))
});

#[rustfmt::skip]
impl<N: Dim, C: Dim, H: Dim, const W: usize, E: Float, WH: WindowAxis, WW: WindowAxis> Forward<(N, C, H, Const<W>), E> for RectAvgPool2d<WH, WW> {
    takes_images!(in (N, C, H, Const<W>));
}

/// The largest element of each window of volumes, with a [`Window`](crate::Window) for the depth, one for the height and one for
/// the width. PyTorch's `nn.MaxPool3d((KD, KH, KW), (SD, SH, SW), (PD, PH, PW), (DD, DH, DW))`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`MaxPool3d`](super::MaxPool3d). The stride is that of the
/// windows: 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// // PyTorch: nn.MaxPool3d((1, 2, 2))
/// let pool = RectMaxPool3d::<Window<1>, Window<2, 2>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[[1.0_f32, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[[3.0]], [[7.0]]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectMaxPool3d<WD, WH, WW>(PhantomData<fn() -> (WD, WH, WW)>);

impl<WD, WH, WW> Default for RectMaxPool3d<WD, WH, WW> {
    fn default() -> Self {
        RectMaxPool3d(PhantomData)
    }
}

impl<WD: WindowAxis, WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectMaxPool3d<WD, WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WD::SIZES, WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let [padding, dilation] = [tuple(&windows, |w| w.padding), tuple(&windows, |w| w.dilation)];
        write!(f, "MaxPool3d(kernel_size={kernel}, stride={stride}, padding={padding}, ")?;
        write!(f, "dilation={dilation}, ceil_mode=False)")
    }
}

/// The mean of each window of volumes, with a [`Window`](crate::Window) for the depth, one for the height and one for the width.
/// PyTorch's `nn.AvgPool3d((KD, KH, KW), (SD, SH, SW), (PD, PH, PW))`.
///
/// In: `[B, C, D, H, W]`. Out: `[B, C, D', H', W']`, as for [`AvgPool3d`](super::AvgPool3d). The stride is that of the
/// windows: 1 by default.
///
/// ```
/// use typegrad::prelude::*;
/// let pool = RectAvgPool3d::<Window<1>, Window<2, 2>, Window<2, 2>>::new(&mut Rng::seed(0));
/// let y = pool.infer(Tensor::from([[[[[1.0_f32, 3.0], [2.0, 0.0]], [[5.0, 4.0], [6.0, 7.0]]]]]));
/// assert_eq!(y.with_shape(), Tensor::from([[[[[1.5]], [[5.5]]]]]));
/// ```
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct RectAvgPool3d<WD, WH, WW> {
    count_include_pad: bool,
    #[serde(skip)]
    windows: PhantomData<fn() -> (WD, WH, WW)>,
}

impl<WD: WindowAxis, WH: WindowAxis, WW: WindowAxis> fmt::Debug for RectAvgPool3d<WD, WH, WW> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let windows = [WD::SIZES, WH::SIZES, WW::SIZES];
        let [kernel, stride] = [tuple(&windows, |w| w.kernel), tuple(&windows, |w| w.stride)];
        let padding = tuple(&windows, |w| w.padding);
        write!(f, "AvgPool3d(kernel_size={kernel}, stride={stride}, padding={padding})")
    }
}

count_include_pad!([WD, WH, WW] RectAvgPool3d<WD, WH, WW>, { windows: PhantomData });

pools!([WD, WH, WW] RectMaxPool3d<WD, WH, WW>, true, 3, [D H], |_this, x| {
    x.largest_of_volumes::<(WD, WH, WW), ()>()
});
pools!([WD, WH, WW] RectAvgPool3d<WD, WH, WW>, false, 3, [D H], |this, x| {
    x.means_of_volumes::<(WD, WH, WW), ()>(this.count_include_pad)
});

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis>
    Forward<(N, C, D, H, Const<W>), E> for RectMaxPool3d<WD, WH, WW>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

#[rustfmt::skip]
impl<N: Dim, C: Dim, D: Dim, H: Dim, const W: usize, E: Float, WD: WindowAxis, WH: WindowAxis, WW: WindowAxis>
    Forward<(N, C, D, H, Const<W>), E> for RectAvgPool3d<WD, WH, WW>
{
    takes_images!(in (N, C, D, H, Const<W>));
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    type Volumes = Rank5<2, 2, 5, 3, 4>;

    /// f(the elements of each window inside, the number of its elements).
    fn naive(
        x: &Tensor<Volumes, f64>,
        windows: [[usize; 4]; 3],
        f: impl Fn(&[f64], usize) -> f64,
    ) -> Vec<f64> {
        let inputs = [5, 3, 4];
        let outputs = [0, 1, 2].map(|i| {
            let [k, stride, padding, dilation] = windows[i];
            (inputs[i] + 2 * padding - dilation * (k - 1) - 1) / stride + 1
        });
        let taps = windows.map(|[k, ..]| k);
        let parts = |at: usize, sizes: [usize; 3]| {
            [at / (sizes[1] * sizes[2]), at / sizes[2] % sizes[1], at % sizes[2]]
        };
        let (positions, count) = (outputs.iter().product::<usize>(), taps.iter().product::<usize>());
        let mut y = Vec::new();
        for (plane, at) in (0..4).flat_map(|plane| (0..positions).map(move |at| (plane, at))) {
            let mut inside = Vec::new();
            for tap in 0..count {
                let (at, tap) = (parts(at, outputs), parts(tap, taps));
                let index = [0, 1, 2].map(|i| {
                    let [_, stride, padding, dilation] = windows[i];
                    (at[i] * stride + tap[i] * dilation).checked_sub(padding).filter(|p| *p < inputs[i])
                });
                if let [Some(d), Some(h), Some(w)] = index {
                    inside.push(x.as_slice()[((plane * 5 + d) * 3 + h) * 4 + w]);
                }
            }
            y.push(f(&inside, count));
        }
        y
    }

    /// Means of means, which are rounded twice.
    fn close(y: &[f64], want: &[f64]) {
        assert_eq!(y.len(), want.len());
        y.iter().zip(want).for_each(|(y, want)| assert!((y - want).abs() <= 2.0 * f64::EPSILON * want.abs()));
    }

    #[test]
    fn windows_agree_with_the_definition_and_gradients_with_differences() {
        let rng = &mut Rng::seed(1);
        // Apart from each other, so that a difference does not change which is the largest; their sums are exact.
        let x = Tensor::<Rank1<240>, f64>::randperm(rng).reshape::<Volumes>() * 0.0625;
        let max = RectMaxPool3d::<Window<2, 1, 1, 3>, Window<1, 2>, Window<3, 1, 1>>::new(rng);
        let largest = |inside: &[f64], _| inside.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let want = naive(&x, [[2, 1, 1, 3], [1, 2, 0, 1], [3, 1, 1, 1]], largest);
        assert_eq!(max.infer(x.clone()).to_vec(), want);
        assert_eq!(max.eval(x.clone()).value().to_vec(), want);
        gradcheck(x.clone(), |x| max.train(x).powi(2).sum()).unwrap();
        let mean = RectAvgPool3d::<Window<2, 2, 1>, Window<1>, Window<4, 3, 2>>::new(rng);
        let windows = [[2, 2, 1, 1], [1, 1, 0, 1], [4, 3, 2, 1]];
        let want = naive(&x, windows, |inside, count| inside.iter().sum::<f64>() / count as f64);
        close(&mean.infer(x.clone()).to_vec(), &want);
        gradcheck(x.clone(), |x| mean.train(x).powi(2).sum()).unwrap();
        let mean = mean.count_include_pad(false);
        let want = naive(&x, windows, |inside, _| inside.iter().sum::<f64>() / inside.len() as f64);
        close(&mean.infer(x.clone()).to_vec(), &want);
        close(&mean.eval(x.clone()).value().to_vec(), &want);
        gradcheck(x, |x| mean.train(x).powi(2).sum()).unwrap();
    }

    #[test]
    fn equal_windows_are_the_layer_of_one_window() {
        fn check<E: Float>() {
            let rng = &mut Rng::seed(2);
            type V = Window<3, 2, 1>;
            let x = Tensor::<Rank5<2, 3, 5, 4, 7>, E>::randn(rng);
            let (one, three) = (MaxPool3d::<3, 2, 1>::new(rng), RectMaxPool3d::<V, V, V>::new(rng));
            assert_eq!(one.infer(x.clone()).to_vec(), three.infer(x.clone()).to_vec());
            type Wide = Window<3, 2, 1, 2>;
            let (one, three) =
                (MaxPool3d::<3, 2, 1, 2>::new(rng), RectMaxPool3d::<Wide, Wide, Wide>::new(rng));
            let y = one.infer(x.clone()).to_vec();
            assert_eq!(y, three.infer(x.clone()).to_vec());
            assert_eq!(y, x.clone().max_pool3d_with_indices::<3, 2, 1, 2>().0.to_vec());
            for counts in [true, false] {
                let one = AvgPool3d::<3, 2, 1>::new(rng).count_include_pad(counts);
                let three = RectAvgPool3d::<V, V, V>::new(rng).count_include_pad(counts);
                assert_eq!(one.infer(x.clone()).to_vec(), three.infer(x.clone()).to_vec());
            }
        }
        check::<f32>();
        check::<f64>();
    }

    /// The text of PyTorch.
    #[test]
    fn layers_print_their_windows() {
        let rng = &mut Rng::seed(0);
        let max = RectMaxPool3d::<Window<1>, Window<2, 2>, Window<3, 2, 1>>::new(rng);
        assert_eq!(
            format!("{max:?}"),
            "MaxPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 2), padding=(0, 0, 1), dilation=(1, 1, 1), ceil_mode=False)"
        );
        let mean = RectAvgPool3d::<Window<1>, Window<2, 2>, Window<3, 2, 1>>::new(rng);
        assert_eq!(
            format!("{mean:?}"),
            "AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 2), padding=(0, 0, 1))"
        );
    }
}
