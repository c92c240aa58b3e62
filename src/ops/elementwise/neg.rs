//! y = -x, and dL/dx = -dL/dy.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, PerElement, Pullback, Waiting};
use crate::kernel::elementwise::function::UnaryFunction;
use crate::kernel::elementwise::number::NumberMap;
use crate::ops::support::results::Mapped;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::ops::Neg;

/// The backward pass of `-x`.
pub struct NegBackward;

/// -x for each x; -0 of 0.
pub(in crate::ops) fn negate<E: Numeric>(x: Storage<E>) -> Storage<E> {
    NumberMap::Neg.map(x)
}

impl<S: Shape, E: Numeric> Pullback<S, S, E> for NegBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(negate(grad.data))
    }
}

/// -x, element-wise. PyTorch's `torch.neg`.
///
/// ```
/// use typegrad::prelude::*;
/// assert_eq!(-Tensor::from([1.0, -2.0]), Tensor::from([-1.0, 2.0]));
/// ```
impl<S, E, C, F> Neg for Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    type Output = Mapped<S, E, C, F, NegBackward>;

    fn neg(self) -> Self::Output {
        let (x, flow) = self.into_waiting();
        Tensor::from_parts(negate(x), Waiting::into_inner(flow).then_as::<PerElement, _, _>(|| NegBackward))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn neg_changes_the_sign_of_zero_floats() {
        let y = -Tensor::from([0.0_f32, -0.0, f32::INFINITY]);
        let bits: Vec<u32> = y.to_vec().into_iter().map(f32::to_bits).collect();
        assert_eq!(bits, [0x8000_0000, 0, f32::NEG_INFINITY.to_bits()]);
        assert_eq!(-Tensor::from([3_i64, -4, 0]), Tensor::from([-3, 4, 0]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        gradcheck(Tensor::from([0.5, -1.5]), |x| (-x).powi(3).sum()).unwrap();
    }
}
