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

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(4);
        let x = Tensor::<Rank4<2, 3, 2, 4>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        gradcheck((x, b), |(x, b)| x.add_channels(b).powi(2).sum()).unwrap();
    }

    #[test]
    fn a_row_has_channels_too() {
        let y = Tensor::from([[1.0, 2.0]]).add_channels(Tensor::from([3.0, 4.0]));
        assert_eq!(y, Tensor::from([[4.0, 6.0]]));
    }

    #[test]
    fn a_bias_follows_a_transposed_convolution() {
        let rng = &mut Rng::seed(5);
        let x = Tensor::<Rank4<1, 2, 2, 2>, f64>::randn(rng);
        let (w, b) = (Tensor::<Rank4<2, 1, 2, 2>, f64>::randn(rng), Tensor::<Rank1<2>, f64>::randn(rng));
        gradcheck((x, w, b), |(x, w, b)| {
            x.conv_transpose2d::<ConvTranspose<1, 0, 0, 1, 2>, _>(w).add_channels(b).powi(2).sum()
        })
        .unwrap();
    }
}
