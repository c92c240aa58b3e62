//! y = x where x is positive, else w x with one w or one for each channel; dL/dx = dL/dy or w dL/dy, and
//! dL/dw = Σ x dL/dy where x is not positive.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::axis::axis::{self, AxisLayout};
use crate::kernel::elementwise::pointwise::fold;
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Joined;
use crate::ops::support::rhs::Operand;
use crate::shape::{Law, Message, Rank1, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `prelu`.
pub struct PreluBackward<E> {
    x: Storage<E>,
    weight: Storage<E>,
    channels: AxisLayout,
}

impl<S: Shape, W: Shape, T: Shape, E: Float> Pullback2<S, W, T, E> for PreluBackward<E> {
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<S, W, E> {
        let AxisLayout { outer, size, inner } = self.channels;
        let (x, weight) = (self.x.as_slice(), self.weight.as_slice());
        let dx = needs_grad.0.then(|| E::prelu_input_gradient(grad.data.clone(), x, weight, inner));
        let dw = needs_grad.1.then(|| {
            let parts = E::prelu_weight_gradients(grad.data.clone(), x, weight, inner);
            let rows = AxisLayout { outer: outer * size, size: inner, inner: 1 };
            fold(axis::sum(parts.as_slice(), rows), size)
        });
        (dx.map(Tensor::constant), dw.map(Tensor::constant))
    }
}

/// `N` weights for a tensor of shape `S`: one, or one for each channel.
pub struct Weights<S, const N: usize>(S);

impl<S: Shape, const N: usize> Weights<S, N> {
    const CHANNELS: AxisLayout = if N == 1 || S::RANK < 2 {
        AxisLayout { outer: 1, size: 1, inner: S::NUMEL }
    } else {
        let (outer, mut inner, mut axis) = (S::SIZES[0], 1, 2);
        while axis < S::RANK {
            inner *= S::SIZES[axis];
            axis += 1;
        }
        AxisLayout { outer, size: N, inner }
    };
}

impl<S: Shape, const N: usize> Law for Weights<S, N> {
    const WRONG: Option<Message> = if N == 1 || S::RANK > 1 && S::SIZES[1] == N {
        None
    } else {
        let message = Message::new()
            .text("prelu has one weight, or one for each channel of the second axis: there are ")
            .number(N)
            .text(", and the tensor has the shape ")
            .sizes(S::SIZES);
        Some(message)
    };
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// x where x is positive, else `weight` x, element-wise. PyTorch's `F.prelu(x, weight)`.
    ///
    /// In: `S`, and a weight `[1]`, or `[C]` with a number for each channel of `[B, C, ..]`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[-2.0, 3.0], [4.0, -6.0]]);
    /// assert_eq!(x.clone().prelu(Tensor::from([0.5])), Tensor::from([[-1.0, 3.0], [4.0, -3.0]]));
    /// assert_eq!(x.prelu(Tensor::from([0.5, 2.0])), Tensor::from([[-1.0, 3.0], [4.0, -12.0]]));
    /// ```
    pub fn prelu<R, const N: usize>(
        self,
        weight: R,
    ) -> Joined<S, E, C, F, R, S, Lawful<PreluBackward<E>, Weights<S, N>>>
    where
        R: Operand<C, E, Shape = Rank1<N>>,
    {
        let () = Weights::<S, N>::HOLDS;
        let channels = Weights::<S, N>::CHANNELS;
        let (x, flow) = self.into_waiting();
        let (weight, rhs) = weight.into_operand();
        let y = E::prelu_of(&x, weight.as_slice(), channels.inner);
        Tensor::from_parts(
            y,
            Waiting::into_inner(flow).join(rhs, || Lawful::new(PreluBackward { x, weight, channels })),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_for_one_weight_and_for_channels() {
        let rng = &mut Rng::seed(1);
        let (x, w) = (Tensor::<Rank4<2, 3, 2, 2>, f64>::randn(rng), Tensor::<Rank1<3>, f64>::randn(rng));
        gradcheck((x.clone(), w), |(x, w)| x.prelu(w).powi(2).sum()).unwrap();
        gradcheck((x, Tensor::from([0.25])), |(x, w)| x.prelu(w).powi(3).sum()).unwrap();
    }
}
