//! y[b, c, ..] = x[b, c, ..] + bias[c]; dL/dx = dL/dy, and dL/dbias is the sum of dL/dy over all axes but the second.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::conv::channels::sum_channels;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Broken, Channels, Shape};
use crate::tensor::Tensor;

/// The backward pass of `add_channels`.
pub struct AddChannelsBackward;

impl<S: Channels<B>, B: Shape, E: Float> Pullback2<S, B, S, E> for AddChannelsBackward {
    const BROKEN: Broken = S::BROKEN;
    fn pull(self, grad: Tensor<S, E>, needs_grad: (bool, bool)) -> Pulled<S, B, E> {
        let [_, channels, inner] = S::ALONG;
        let bias = needs_grad.1.then(|| Tensor::constant(sum_channels(grad.as_slice(), channels, inner)));
        (needs_grad.0.then_some(grad), bias)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// A number added to each channel: the bias of a convolution. PyTorch's `x + bias[:, None, None]` for images.
    ///
    /// In: `[B, C, ..]` and `[C]`. Out: `[B, C, ..]`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0], [3.0, 4.0]]]);
    /// let y = x.add_channels(Tensor::from([10.0, 20.0]));
    /// assert_eq!(y, Tensor::from([[[11.0, 12.0], [23.0, 24.0]]]));
    /// ```
    pub fn add_channels<R>(self, bias: R) -> Joined<S, E, C, F, R, S, AddChannelsBackward>
    where
        R: Operand<C, E>,
        S: Channels<R::Shape>,
    {
        let () = S::FIT;
        let (x, flow) = self.into_waiting();
        let (bias, rhs) = bias.into_operand();
        let [_, _, inner] = S::ALONG;
        let y = E::add_channels(x, bias.as_slice(), inner);
        Tensor::from_parts(y, Waiting::into_inner(flow).join(rhs, || AddChannelsBackward))
    }

    /// [`add_channels`](Self::add_channels) of a bias that was added already.
    pub(crate) fn with_bias<R>(self, bias: R) -> Joined<S, E, C, F, R, S, AddChannelsBackward>
    where
        R: Operand<C, E>,
        S: Channels<R::Shape>,
    {
        let (x, flow) = self.into_waiting();
        let (_, rhs) = bias.into_operand();
        Tensor::from_parts(x, Waiting::into_inner(flow).join(rhs, || AddChannelsBackward))
    }
}
