//! y = x at another resolution: each element of y is an element of x, or the mean of four weighted by their distance;
//! dL/dx is the sum of dL/dy with these weights.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::conv::interpolate::{Resampling, Source, linear, nearest};
use crate::kernel::memory::List;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{Const, Law, Resize, Resizing, Scale, Shape};
use crate::tensor::Tensor;
use std::fmt::Debug;

/// The backward pass of `interpolate` and `upsample`.
pub struct InterpolateBackward {
    sizes: Resampling,
}

impl<S: Shape, T: Shape, E: Float> Pullback<S, T, E> for InterpolateBackward {
    fn pull(self, grad: Tensor<T, E>) -> Tensor<S, E> {
        Tensor::constant(E::resampled_back(grad.as_slice(), &self.sizes))
    }
}

/// The interpolation mode of resizing: [`NearestMode`] or [`BilinearMode`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an interpolation mode",
    label = "neither `NearestMode` nor `BilinearMode`"
)]
pub trait Interpolation: Debug + Default + Copy {
    /// The source of the elements of the new axis.
    #[doc(hidden)]
    fn sources(input: usize, output: usize) -> Sources;
    /// As PyTorch prints it.
    #[doc(hidden)]
    const MODE: &'static str;
}

/// The source of the elements of a new axis.
pub struct Sources(List<Source>);

/// Each element is the nearest one on the left and above. PyTorch's `mode="nearest"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NearestMode;

impl Interpolation for NearestMode {
    fn sources(input: usize, output: usize) -> Sources {
        Sources(nearest(input, output))
    }
    const MODE: &'static str = "'nearest'";
}

/// Each element is the mean of the four around, weighted by their distance. PyTorch's `mode="bilinear"`, and
/// `BilinearMode<true>` with `align_corners=True`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BilinearMode<const ALIGN_CORNERS: bool = false>;

impl<const ALIGN_CORNERS: bool> Interpolation for BilinearMode<ALIGN_CORNERS> {
    fn sources(input: usize, output: usize) -> Sources {
        Sources(linear(input, output, ALIGN_CORNERS))
    }
    const MODE: &'static str = "'bilinear'";
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The images with height `H` and width `W`. PyTorch's `interpolate(x, size=(H, W), mode=..)`.
    ///
    /// In: `[B, C, H0, W0]`. Out: `[B, C, H, W]`. That there is an element to start from is checked when the program is
    /// built.
    ///
    /// ```
    /// use typegrad::nn::{BilinearMode, NearestMode};
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[0.0, 1.0]]]]);
    /// assert_eq!(x.clone().interpolate::<1, 3, NearestMode>(), Tensor::from([[[[0.0, 0.0, 1.0]]]]));
    /// assert_eq!(x.interpolate::<1, 3, BilinearMode<true>>(), Tensor::from([[[[0.0, 0.5, 1.0]]]]));
    /// ```
    ///
    /// ```compile_fail,E0080
    /// use typegrad::nn::NearestMode;
    /// use typegrad::prelude::*;
    /// let _ = Tensor::<Rank4<8, 3, 0, 4>>::ones().interpolate::<2, 2, NearestMode>();
    /// ```
    #[rustfmt::skip]
    pub fn interpolate<const H: usize, const W: usize, I: Interpolation>( // `x.interpolate::<16, 16, NearestMode>()`
        self,
    ) -> Unary<S, E, C, F, S::Output, Lawful<InterpolateBackward, S::Fits>>
    where
        S: Resize<(Const<H>, Const<W>)>,
    {
        let () = Resizing::<S, (Const<H>, Const<W>)>::HOLDS;
        self.resampled::<_, I, _>(S::PLANES, S::INPUT, S::OUTPUT, Lawful::new)
    }

    /// The images `SCALE` times as high and wide. PyTorch's `interpolate(x, scale_factor=SCALE, mode=..)`.
    ///
    /// In: `[B, C, H, W]`. Out: `[B, C, SCALE H, SCALE W]`, expressions.
    ///
    /// ```
    /// use typegrad::nn::NearestMode;
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[[[1.0, 2.0]]]]).upsample::<2, NearestMode>();
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]));
    /// ```
    #[rustfmt::skip]
    pub fn upsample<const SCALE: usize, I: Interpolation>( // `x.upsample::<2, NearestMode>()`
        self,
    ) -> Unary<S, E, C, F, S::Scaled, InterpolateBackward>
    where
        S: Scale<SCALE>,
    {
        self.resampled::<_, I, _>(S::PLANES, S::FROM, S::TO, |backward| backward)
    }

    fn resampled<T: Shape, I: Interpolation, B: Pullback<S, T, E>>(
        self,
        planes: usize,
        input: [usize; 2],
        output: [usize; 2],
        law: impl FnOnce(InterpolateBackward) -> B,
    ) -> Unary<S, E, C, F, T, B> {
        // Nothing is enlarged to nothing.
        let output = if input.contains(&0) { [0, 0] } else { output };
        let sources = [0, 1].map(|axis| I::sources(input[axis], output[axis]).0);
        let sizes = Resampling { planes, input, sources };
        let (x, flow) = self.into_waiting();
        let y = E::resampled(x.as_slice(), &sizes);
        Tensor::from_parts(y, Waiting::into_inner(flow).then(|| law(InterpolateBackward { sizes })))
    }
}
