//! The convolution of volumes with a weight: that of images, whose channels are the windows along the depth.
//!
//! dL/dx is the adjoint of both, and dL/dw the product of dL/dy and the windows, which are laid out once more.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::conv::Finish;
use crate::kernel::conv::depth::{Convolution3d, fold_depth, unfold_depth};
use crate::kernel::shape::strided::{View, gather};
use crate::ops::conv::conv::filter;
use crate::ops::support::results::{ElementOf, Joined, JoinedTo, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::conv_fits::{Conv3dFits, RectConv3dFits};
use crate::shape::{Broken, Conv3dShape, Law, RectConv3dShape, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `conv3d`.
pub struct Conv3dBackward<E, L = ()> {
    x: Storage<E>,
    weight: Storage<E>,
    sizes: &'static Convolution3d,
    law: PhantomData<fn() -> L>,
}

/// `[N, a, b, plane]` as `[N, b, a, plane]`.
fn exchanged<E: Float>(x: &[E], [n, a, b, plane]: [usize; 4]) -> Storage<E> {
    gather(x, &View::of(&[n, a, b, plane]).swap(1, 2))
}

impl<S: Shape, W: Shape, T: Shape, E: Float, L: Law> Pullback2<S, W, T, E> for Conv3dBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    const MULTIPLY_ADDS: usize = T::NUMEL * filter::<W>();
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, W, E> {
        let Conv3dBackward { x, weight, sizes: Convolution3d { depth, images }, .. } = self;
        let [n, out, places] = [T::SIZES[0], T::SIZES[1], T::SIZES[2]];
        let grad = exchanged(grad.as_slice(), [n, out, places, T::SIZES[3] * T::SIZES[4]]);
        let dx = needs_grad.0.then(|| {
            let windows = E::input_gradient(grad.as_slice(), weight.as_slice(), images);
            Tensor::constant(fold_depth(windows.as_slice(), depth))
        });
        let dw = needs_grad.1.then(|| {
            let windows = unfold_depth(x.as_slice(), depth);
            Tensor::constant(E::weight_gradient(windows.as_slice(), grad.as_slice(), images))
        });
        (dx, dw)
    }
}

/// The convolution of volumes `X`, a tensor, with a weight `R`.
pub type Convolved3d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as Conv3dShape<ShapeOf<X>, O>>::Convolved,
    Conv3dBackward<ElementOf<X>, <OperandShape<X, R> as Conv3dShape<ShapeOf<X>, O>>::Fits>,
>;

/// The convolution of volumes `X`, a tensor, with a weight `R` and a window for each axis.
pub type RectConvolved3d<X, R, WD, WH, WW, const GROUPS: usize> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as RectConv3dShape<ShapeOf<X>, WD, WH, WW, GROUPS>>::Convolved,
    Conv3dBackward<
        ElementOf<X>,
        <OperandShape<X, R> as RectConv3dShape<ShapeOf<X>, WD, WH, WW, GROUPS>>::Fits,
    >,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The convolution of volumes with a weight. PyTorch's `conv3d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`,
    /// where `O` is [`Conv<STRIDE, PADDING, DILATION, GROUPS>`](crate::Conv).
    ///
    /// In: `[B, C, D, H, W]` and a weight `[O, C / GROUPS, KD, KH, KW]`. Out: `[B, O, D', H', W']`, where
    /// D' = (D + 2 PADDING - DILATION (KD - 1) - 1) / STRIDE + 1, an expression, and H' and W' likewise.
    /// [`conv3d_rect`](Self::conv3d_rect) has a window of its own for each axis.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank5<2, 3, 4, 5, 5>>::ones();
    /// let w = Tensor::<Rank5<6, 3, 3, 3, 3>>::ones();
    /// let y = x.conv3d::<Conv<1, 1>, _>(w);
    /// let y: Tensor<Rank5<2, 6, 4, 5, 5>> = y.with_shape();
    /// assert_eq!(y.amax().item(), 81.0);
    /// ```
    #[rustfmt::skip]
    pub fn conv3d<O, R>(self, weight: R) -> Convolved3d<Self, R, O> // `x.conv3d::<Conv<1, 1>, _>(w)`: stride, padding
    where
        R: Operand<C, E, Shape: Conv3dShape<S, O>>,
    {
        let () = Conv3dFits::<R::Shape, S, O>::HOLDS;
        self.convolved3d(weight, &<R::Shape as Conv3dShape<S, O>>::CONVOLUTION)
    }

    /// The convolution of volumes with a weight, with a [`Window`](crate::Window) for the depth, one for the height and one for
    /// the width. PyTorch's `conv3d(x, weight, None, (SD, SH, SW), (PD, PH, PW), (DD, DH, DW), GROUPS)`.
    ///
    /// In: `[B, C, D, H, W]` and a weight `[O, C / GROUPS, KD, KH, KW]`. Out: `[B, O, D', H', W']` as for
    /// [`conv3d`](Self::conv3d). That the windows have the size of the kernel is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank5<2, 3, 4, 8, 8>>::ones();
    /// let w = Tensor::<Rank5<6, 3, 1, 3, 3>>::ones();
    /// let y = x.conv3d_rect::<Window<1>, Window<3, 2, 1>, Window<3, 2, 1>, 1, _>(w);
    /// let y: Tensor<Rank5<2, 6, 4, 4, 4>> = y.with_shape();
    /// ```
    pub fn conv3d_rect<WD, WH, WW, const GROUPS: usize, R>(
        self,
        weight: R,
    ) -> RectConvolved3d<Self, R, WD, WH, WW, GROUPS>
    where
        R: Operand<C, E, Shape: RectConv3dShape<S, WD, WH, WW, GROUPS>>,
    {
        let () = RectConv3dFits::<R::Shape, S, WD, WH, WW, GROUPS>::HOLDS;
        self.convolved3d(weight, &<R::Shape as RectConv3dShape<S, WD, WH, WW, GROUPS>>::CONVOLUTION)
    }

    /// A convolution of these sizes, with a result shape given by the caller.
    pub(crate) fn convolved3d<R, T, L>(
        self,
        weight: R,
        sizes: &'static Convolution3d,
    ) -> Joined<S, E, C, F, R, T, Conv3dBackward<E, L>>
    where
        R: Operand<C, E>,
        T: Shape,
        L: Law,
    {
        let Convolution3d { depth, images } = sizes;
        let (x, flow) = self.into_waiting();
        let (weight, rhs) = weight.into_operand();
        let windows = unfold_depth(x.as_slice(), depth);
        let y = E::convolve(windows.as_slice(), weight.as_slice(), images, Finish::default());
        let plane = images.output[0] * images.output[1];
        let y = exchanged(y.as_slice(), [depth.batch, depth.places, images.channels[1], plane]);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || Conv3dBackward { x, weight, sizes, law: PhantomData }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let (x, w) = (
            Tensor::<Rank5<2, 2, 3, 4, 3>, f64>::randn(rng),
            Tensor::<Rank5<3, 2, 2, 3, 2>, f64>::randn(rng),
        );
        gradcheck((x, w), |(x, w)| x.conv3d::<Conv<1, 1>, _>(w).powi(2).sum()).unwrap();
        let (x, w) = (
            Tensor::<Rank5<1, 4, 5, 3, 4>, f64>::randn(rng),
            Tensor::<Rank5<2, 2, 2, 1, 2>, f64>::randn(rng),
        );
        gradcheck((x, w), |(x, w)| x.conv3d::<Conv<2, 1, 2, 2>, _>(w).powi(2).sum()).unwrap();
    }

    /// Gradients of a convolution whose windows differ by axis.
    fn differences_agree<S, W, WD, WH, WW, const GROUPS: usize>()
    where
        S: Shape,
        W: RectConv3dShape<S, WD, WH, WW, GROUPS>,
    {
        let rng = &mut Rng::seed(2);
        let (x, w) = (Tensor::<S, f64>::randn(rng), Tensor::<W, f64>::randn(rng));
        gradcheck((x, w), |(x, w)| x.conv3d_rect::<WD, WH, WW, GROUPS, _>(w).powi(2).sum()).unwrap();
    }

    #[test]
    fn gradients_of_windows_that_differ_by_axis_agree_with_differences() {
        type V<const K: usize, const S: usize, const P: usize, const D: usize> = Window<K, S, P, D>;
        type Volumes = Rank5<1, 4, 5, 3, 7>;
        differences_agree::<Volumes, Rank5<2, 4, 1, 3, 3>, V<1, 1, 0, 1>, V<3, 1, 1, 1>, V<3, 1, 1, 1>, 1>();
        differences_agree::<Volumes, Rank5<2, 2, 3, 1, 2>, V<3, 2, 1, 1>, V<1, 1, 0, 1>, V<2, 3, 0, 2>, 2>();
        differences_agree::<Volumes, Rank5<4, 1, 2, 2, 3>, V<2, 1, 0, 3>, V<2, 1, 1, 2>, V<3, 2, 2, 1>, 4>();
    }

    #[test]
    fn equal_windows_have_the_bits_of_one_window() {
        fn check<E: Float>() {
            let rng = &mut Rng::seed(3);
            let x = Tensor::<Rank5<2, 4, 5, 6, 3>, E>::randn(rng);
            let w = Tensor::<Rank5<6, 2, 3, 3, 3>, E>::randn(rng);
            let [one, three] = [(); 2].map(|()| (Param::new(x.clone()), Param::new(w.clone())));
            type V = Window<3, 2, 2, 2>;
            one.0.track().conv3d::<Conv<2, 2, 2, 2>, _>(&one.1).powi(2).sum().backward();
            three.0.track().conv3d_rect::<V, V, V, 2, _>(&three.1).powi(2).sum().backward();
            assert_eq!(one.0.grad().unwrap().to_vec(), three.0.grad().unwrap().to_vec());
            assert_eq!(one.1.grad().unwrap().to_vec(), three.1.grad().unwrap().to_vec());
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn a_window_of_one_plane_is_a_convolution_of_images() {
        let rng = &mut Rng::seed(4);
        let x = Tensor::<Rank5<1, 3, 4, 5, 6>>::randn(rng);
        let w = Tensor::<Rank5<2, 3, 1, 3, 2>>::randn(rng);
        let y = x.clone().conv3d_rect::<Window<1>, Window<3, 1, 1>, Window<2, 2>, 1, _>(&w);
        let images = x.permute::<Axes5<0, 2, 1, 3, 4>>().reshape::<Rank4<4, 3, 5, 6>>();
        let z = images.conv2d_rect::<Window<3, 1, 1>, Window<2, 2>, 1, _>(w.reshape::<Rank4<2, 3, 3, 2>>());
        let z = z.with_shape::<Rank4<4, 2, 5, 3>>().reshape::<Rank5<1, 4, 2, 5, 3>>();
        assert_eq!(y.with_shape::<Rank5<1, 2, 4, 5, 3>>(), z.permute::<Axes5<0, 2, 1, 3, 4>>().with_shape());
    }
}
