//! The transposed convolution: dL/dx of a convolution as a function of dL/dy. Its own gradient is the convolution of
//! dL/dy with w; dL/dw is the sum over batch and positions of x times the windows of dL/dy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::conv::{Convolution, Finish};
use crate::ops::conv::conv::filter;
use crate::ops::support::results::{ElementOf, Joined, JoinedTo, OperandShape, ShapeOf};
use crate::ops::support::rhs::Operand;
use crate::shape::conv_fits::{ConvTranspose1dFits, ConvTranspose2dFits, RectConvTranspose2dFits};
use crate::shape::{
    Broken, ConvTranspose1dShape, ConvTranspose2dShape, Law, RectConvTranspose2dShape, Shape,
};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::marker::PhantomData;

/// The backward pass of `conv_transpose2d`.
pub struct ConvTransposeBackward<E, L = ()> {
    x: Storage<E>,
    weight: Storage<E>,
    sizes: &'static Convolution,
    law: PhantomData<fn() -> L>,
}

impl<S: Shape, W: Shape, T: Shape, E: Float, L: Law> Pullback2<S, W, T, E> for ConvTransposeBackward<E, L> {
    const BROKEN: Broken = L::BROKEN;
    const MULTIPLY_ADDS: usize = S::NUMEL * filter::<W>();
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, W, E> {
        let ConvTransposeBackward { x, weight, sizes, .. } = self;
        let grad = grad.as_slice();
        let dx = needs_grad
            .0
            .then(|| Tensor::constant(E::convolve(grad, weight.as_slice(), sizes, Finish::default())));
        (dx, needs_grad.1.then(|| Tensor::constant(E::weight_gradient(grad, x.as_slice(), sizes))))
    }
}

/// The transposed convolution of signals `X`, a tensor, with a weight `R`.
pub type ConvTransposed1d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as ConvTranspose1dShape<ShapeOf<X>, O>>::Convolved,
    ConvTransposeBackward<ElementOf<X>, <OperandShape<X, R> as ConvTranspose1dShape<ShapeOf<X>, O>>::Fits>,
>;

/// The transposed convolution of images `X`, a tensor, with a weight `R`.
pub type ConvTransposed2d<X, R, O> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as ConvTranspose2dShape<ShapeOf<X>, O>>::Convolved,
    ConvTransposeBackward<ElementOf<X>, <OperandShape<X, R> as ConvTranspose2dShape<ShapeOf<X>, O>>::Fits>,
>;

/// The transposed convolution of images `X`, a tensor, with a weight `R` and a window for each axis.
pub type RectConvTransposed2d<X, R, WH, WW, const GROUPS: usize> = JoinedTo<
    X,
    R,
    <OperandShape<X, R> as RectConvTranspose2dShape<ShapeOf<X>, WH, WW, GROUPS>>::Convolved,
    ConvTransposeBackward<
        ElementOf<X>,
        <OperandShape<X, R> as RectConvTranspose2dShape<ShapeOf<X>, WH, WW, GROUPS>>::Fits,
    >,
>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The transposed convolution of signals with a weight: the gradient of [`conv1d`](Self::conv1d) as an operation of its
    /// own. PyTorch's `conv_transpose1d(x, weight, None, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, DILATION)`, where `O` is
    /// [`ConvTranspose<STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS>`](crate::ConvTranspose), in which the dilation is before the
    /// groups.
    ///
    /// In: `[B, C, L]` and a weight `[C, O / GROUPS, K]`. Out: `[B, O, L']`, where
    /// L' = (L - 1) STRIDE - 2 PADDING + DILATION (K - 1) + OUTPUT_PADDING + 1, an expression.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let y = Tensor::from([[[1.0, 2.0]]]).conv_transpose1d::<ConvTranspose<2>, _>(Tensor::from([[[1.0, 10.0]]]));
    /// assert_eq!(y.with_shape(), Tensor::from([[[1.0, 10.0, 2.0, 20.0]]]));
    /// ```
    pub fn conv_transpose1d<O, R>(self, weight: R) -> ConvTransposed1d<Self, R, O>
    where
        R: Operand<C, E, Shape: ConvTranspose1dShape<S, O>>,
    {
        let () = ConvTranspose1dFits::<R::Shape, S, O>::HOLDS;
        self.conv_transposed(weight, &<R::Shape as ConvTranspose1dShape<S, O>>::CONVOLUTION)
    }

    /// The transposed convolution of images with a weight: the gradient of [`conv2d`](Self::conv2d) as an operation of
    /// its own. PyTorch's `conv_transpose2d(x, weight, None, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, DILATION)`, where `O`
    /// is [`ConvTranspose<STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS>`](crate::ConvTranspose): the dilation is before the groups,
    /// as in every other convolution.
    ///
    /// In: `[B, C, H, W]` and a weight `[C, O / GROUPS, KH, KW]`. Out: `[B, O, H', W']`, where
    /// H' = (H - 1) STRIDE - 2 PADDING + DILATION (KH - 1) + OUTPUT_PADDING + 1, an expression, and W' likewise.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 2.0]]]]);
    /// let w = Tensor::from([[[[1.0, 10.0]]]]);
    /// let y = x.conv_transpose2d::<ConvTranspose<2>, _>(w);
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.0, 10.0, 2.0, 20.0]]]]));
    /// ```
    pub fn conv_transpose2d<O, R>(self, weight: R) -> ConvTransposed2d<Self, R, O>
    where
        R: Operand<C, E, Shape: ConvTranspose2dShape<S, O>>,
    {
        let () = ConvTranspose2dFits::<R::Shape, S, O>::HOLDS;
        self.conv_transposed(weight, &<R::Shape as ConvTranspose2dShape<S, O>>::CONVOLUTION)
    }

    /// The transposed convolution of images with a weight, with a [`TransposedWindow`](crate::TransposedWindow) for the
    /// height and one for the width.
    ///
    /// In: `[B, C, H, W]` and a weight `[C, O / GROUPS, KH, KW]`. Out: `[B, O, H', W']` as for
    /// [`conv_transpose2d`](Self::conv_transpose2d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<2, 8, 5, 5>>::ones();
    /// let w = Tensor::<Rank4<8, 3, 1, 4>>::ones();
    /// let y = x.conv_transpose2d_rect::<TransposedWindow<1>, TransposedWindow<4, 2, 1>, 1, _>(w);
    /// let y: Tensor<Rank4<2, 3, 5, 10>> = y.with_shape();
    /// ```
    pub fn conv_transpose2d_rect<WH, WW, const GROUPS: usize, R>(
        self,
        weight: R,
    ) -> RectConvTransposed2d<Self, R, WH, WW, GROUPS>
    where
        R: Operand<C, E, Shape: RectConvTranspose2dShape<S, WH, WW, GROUPS>>,
    {
        let () = RectConvTranspose2dFits::<R::Shape, S, WH, WW, GROUPS>::HOLDS;
        self.conv_transposed(weight, &<R::Shape as RectConvTranspose2dShape<S, WH, WW, GROUPS>>::CONVOLUTION)
    }

    /// The transpose of a convolution of these sizes, whose result has a shape that the caller knows.
    pub(crate) fn conv_transposed<R, T, L>(
        self,
        weight: R,
        sizes: &'static Convolution,
    ) -> Joined<S, E, C, F, R, T, ConvTransposeBackward<E, L>>
    where
        R: Operand<C, E>,
        T: Shape,
        L: Law,
    {
        let (x, flow) = self.into_waiting();
        let (weight, rhs) = weight.into_operand();
        let y = E::input_gradient(x.as_slice(), weight.as_slice(), sizes);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || ConvTransposeBackward {
                x,
                weight,
                sizes,
                law: PhantomData,
            }),
        )
    }
}
