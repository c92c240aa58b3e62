//! y = max(x, 0), and dL/dx = dL/dy where y > 0, else 0.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback};
use crate::kernel::elementwise::pointwise::{map, zip};
use crate::ops::support::results::Unary;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `relu`.
pub struct ReluBackward<E> {
    pub(in crate::ops) y: Storage<E>,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for ReluBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        // Written so that the gradient at NaN is passed on, as PyTorch does.
        Tensor::constant(zip(grad.data, self.y, |g, y| if y <= E::zero() { E::zero() } else { g }))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// max(x, 0) element by element. PyTorch's `relu`; the gradient at 0 is 0, and NaN stays NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-1.0, 0.0, 2.0]).relu(), Tensor::from([0.0, 0.0, 2.0]));
    /// ```
    pub fn relu(self) -> Unary<S, E, C, F, S, ReluBackward<E>> {
        let (x, flow) = self.into_parts();
        // Not `x <= 0`: PyTorch leaves -0 as it is, and NaN.
        let y = map(x, |x| if x < E::zero() { E::zero() } else { x });
        let flow = flow.then(|| ReluBackward { y: y.clone() });
        Tensor::from_parts(y, flow)
    }
}
