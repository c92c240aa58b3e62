//! The activation of a feed-forward network, which is chosen at run time: relu or gelu, as one operation.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::ops::elementwise::activation::GeluBackward;
use crate::ops::elementwise::relu::ReluBackward;
use crate::ops::support::results::Unary;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The backward pass of one or the other.
pub enum ActivationBackward<E> {
    /// That of relu.
    OfRelu(ReluBackward<E>),
    /// That of gelu.
    OfGelu(GeluBackward<E>),
}

impl<S: Shape, E: Float> Pullback<S, S, E> for ActivationBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        match self {
            ActivationBackward::OfRelu(relu) => relu.pull(grad),
            ActivationBackward::OfGelu(gelu) => gelu.pull(grad),
        }
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// [`gelu`](Self::gelu), or [`relu`](Self::relu).
    pub(crate) fn activate(self, gelu: bool) -> Unary<S, E, C, F, S, ActivationBackward<E>> {
        let (x, flow) = self.into_parts();
        if gelu {
            let flow = flow.then(|| ActivationBackward::OfGelu(GeluBackward { x: x.clone() }));
            return Tensor::from_parts(Tensor::<S, E>::constant(x).gelu().data, flow);
        }
        let y = Tensor::<S, E>::constant(x).relu().data;
        let flow = flow.then(|| ActivationBackward::OfRelu(ReluBackward { y: y.clone() }));
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn activate_is_gelu_or_relu() {
        let x = Tensor::<Rank2<3, 4>, f64>::randn(&mut Rng::seed(1));
        assert_eq!(x.clone().activate(true), x.clone().gelu());
        assert_eq!(x.clone().activate(false), x.clone().relu());
        gradcheck(x.clone(), |x| x.activate(true).powi(2).sum()).unwrap();
        gradcheck(x, |x| x.activate(false).powi(2).sum()).unwrap();
    }
}
