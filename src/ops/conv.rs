//! y[b, o, p] = Σ w[o, c, k] x[b, c, p stride + k dilation - padding] over the channels c of the group of o and the
//! elements k of the kernel, where x is 0 outside; dL/dx is the transposed convolution of dL/dy with w, and dL/dw the
//! sum over batch and places of dL/dy times the windows of x. `conv_transpose2d` is that dL/dx as a function of dL/dy:
//! its gradient is the convolution.

use super::operand::Operand;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::conv::{self, Convolution};
use crate::shape::{Conv1dShape, Conv2dShape, ConvTranspose2dShape, Message, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `conv1d` and `conv2d`.
pub struct ConvBackward<E> {
    x: Storage<E>,
    weight: Storage<E>,
    sizes: &'static Convolution,
}

impl<S: Shape, W: Shape, T: Shape, E: Float> Pullback2<S, W, T, E> for ConvBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<S, W, E> {
        let ConvBackward { x, weight, sizes } = self;
        let grad = grad.as_slice();
        let dx = wanted.0.then(|| Tensor::constant(conv::input_gradient(grad, weight.as_slice(), sizes)));
        (dx, wanted.1.then(|| Tensor::constant(conv::weight_gradient(x.as_slice(), grad, sizes))))
    }
}

/// The backward pass of `conv_transpose2d`.
pub struct ConvTransposeBackward<E> {
    x: Storage<E>,
    weight: Storage<E>,
    sizes: &'static Convolution,
}

impl<S: Shape, W: Shape, T: Shape, E: Float> Pullback2<S, W, T, E> for ConvTransposeBackward<E> {
    fn pull(self, grad: Tensor<T, E>, wanted: (bool, bool)) -> Pulled<S, W, E> {
        let ConvTransposeBackward { x, weight, sizes } = self;
        let grad = grad.as_slice();
        let dx = wanted.0.then(|| Tensor::constant(conv::convolve(grad, weight.as_slice(), sizes)));
        (dx, wanted.1.then(|| Tensor::constant(conv::weight_gradient(grad, x.as_slice(), sizes))))
    }
}

/// The result of an operation with the backward pass `P` on a tensor with the graph `Graph<C, F>` and shape `S`, and
/// the operand `R`.
pub(crate) type Convolved<S, E, C, F, R, T, P> = Tensor<
    T,
    E,
    Graph<
        <C as Context>::Or<<R as Operand<C, E>>::Context>,
        <F as Flow<S, E>>::Join<T, <R as Operand<C, E>>::Shape, <R as Operand<C, E>>::Flow, P>,
    >,
>;

/// The text of what is wrong, for an assertion.
const fn text(wrong: &Option<Message>) -> &str {
    match wrong {
        Some(message) => message.as_str(),
        None => "",
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The convolution of signals with a weight. PyTorch's `conv1d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`;
    /// a bias is added by [`add_channels`](Self::add_channels).
    ///
    /// In: `[B, C, L]` and a weight `[O, C / GROUPS, K]`. Out: `[B, O, L']`, where
    /// L' = (L + 2 PADDING - DILATION (K - 1) - 1) / STRIDE + 1, an expression. That the channels and the kernel fit is
    /// checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0, 3.0, 4.0]]]);
    /// let w = Tensor::from([[[1.0, -1.0]]]);
    /// let y = x.conv1d::<1, 0, 1, 1, _>(w);
    /// assert_eq!(y.with_shape(), Tensor::from([[[-1.0, -1.0, -1.0]]]));
    /// ```
    pub fn conv1d<const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, R>(
        self,
        weight: R,
    ) -> Convolved<S, E, C, F, R, S::Output, ConvBackward<E>>
    where
        R: Operand<C, E>,
        S: Conv1dShape<R::Shape, STRIDE, PADDING, DILATION, GROUPS>,
    {
        const { assert!(S::WRONG.is_none(), "{}", text(&S::WRONG)) };
        self.convolved(weight, &S::CONVOLUTION)
    }

    /// The convolution of images with a weight. PyTorch's `conv2d(x, weight, None, STRIDE, PADDING, DILATION, GROUPS)`; a
    /// bias is added by [`add_channels`](Self::add_channels).
    ///
    /// In: `[B, C, H, W]` and a weight `[O, C / GROUPS, KH, KW]`. Out: `[B, O, H', W']`, where
    /// H' = (H + 2 PADDING - DILATION (KH - 1) - 1) / STRIDE + 1, an expression, and W' likewise. That the channels and the
    /// kernel fit is checked when the program is built. Other paddings for height and width are made by
    /// [`pad2d`](Self::pad2d).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<8, 3, 32, 32>>::ones();
    /// let w = Tensor::<Rank4<16, 3, 5, 3>>::ones();
    /// let y: Tensor<Rank4<8, 16, 15, 16>> = x.conv2d::<2, 1, 1, 1, _>(w).with_shape();
    /// ```
    pub fn conv2d<const STRIDE: usize, const PADDING: usize, const DILATION: usize, const GROUPS: usize, R>(
        self,
        weight: R,
    ) -> Convolved<S, E, C, F, R, S::Output, ConvBackward<E>>
    where
        R: Operand<C, E>,
        S: Conv2dShape<R::Shape, STRIDE, PADDING, DILATION, GROUPS>,
    {
        const { assert!(S::WRONG.is_none(), "{}", text(&S::WRONG)) };
        self.convolved(weight, &S::CONVOLUTION)
    }

    /// The transposed convolution of images with a weight: the gradient of [`conv2d`](Self::conv2d) as an operation of
    /// its own. PyTorch's `conv_transpose2d(x, weight, None, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, DILATION)`.
    ///
    /// In: `[B, C, H, W]` and a weight `[C, O / GROUPS, KH, KW]`. Out: `[B, O, H', W']`, where
    /// H' = (H - 1) STRIDE - 2 PADDING + DILATION (KH - 1) + OUTPUT_PADDING + 1, an expression, and W' likewise.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[[1.0, 2.0]]]]);
    /// let w = Tensor::from([[[[1.0, 10.0]]]]);
    /// let y = x.conv_transpose2d::<2, 0, 0, 1, 1, _>(w);
    /// assert_eq!(y.with_shape(), Tensor::from([[[[1.0, 10.0, 2.0, 20.0]]]]));
    /// ```
    pub fn conv_transpose2d<
        const STRIDE: usize,
        const PADDING: usize,
        const OUTPUT_PADDING: usize,
        const GROUPS: usize,
        const DILATION: usize,
        R,
    >(
        self,
        weight: R,
    ) -> Convolved<S, E, C, F, R, S::Output, ConvTransposeBackward<E>>
    where
        R: Operand<C, E>,
        S: ConvTranspose2dShape<R::Shape, STRIDE, PADDING, OUTPUT_PADDING, DILATION, GROUPS>,
    {
        const { assert!(S::WRONG.is_none(), "{}", text(&S::WRONG)) };
        self.conv_transposed(weight, &S::CONVOLUTION)
    }

    /// A convolution of these sizes, whose result has a shape that the caller knows.
    pub(crate) fn convolved<R, T>(
        self,
        weight: R,
        sizes: &'static Convolution,
    ) -> Convolved<S, E, C, F, R, T, ConvBackward<E>>
    where
        R: Operand<C, E>,
        T: Shape,
    {
        let (x, flow) = self.into_parts();
        let (weight, rhs) = weight.into_operand();
        let y = conv::convolve(x.as_slice(), weight.as_slice(), sizes);
        Tensor::from_parts(y, flow.join(rhs, || ConvBackward { x, weight, sizes }))
    }

    /// The transpose of a convolution of these sizes, whose result has a shape that the caller knows.
    pub(crate) fn conv_transposed<R, T>(
        self,
        weight: R,
        sizes: &'static Convolution,
    ) -> Convolved<S, E, C, F, R, T, ConvTransposeBackward<E>>
    where
        R: Operand<C, E>,
        T: Shape,
    {
        let (x, flow) = self.into_parts();
        let (weight, rhs) = weight.into_operand();
        let y = conv::input_gradient(x.as_slice(), weight.as_slice(), sizes);
        Tensor::from_parts(y, flow.join(rhs, || ConvTransposeBackward { x, weight, sizes }))
    }
}
