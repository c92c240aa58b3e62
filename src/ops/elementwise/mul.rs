//! y = a b, element-wise, and dL/da = b dL/dy, dL/db = a dL/dy; summed over the axes along which an operand
//! was repeated.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::{Value, fold};
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Broken, Law, Meet, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::ops::Mul;

/// The backward pass of `a * b`.
pub struct MulBackward<E> {
    a: Storage<E>,
    b: Value<E>,
}

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for MulBackward<E> {
    const BROKEN: Broken = Meet::<A, B>::BROKEN;
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let b = needs_grad
            .1
            .then(|| Tensor::constant(fold(NumberZip::Mul.zip(grad.data.clone(), self.a), B::NUMEL)));
        let a = needs_grad
            .0
            .then(|| Tensor::constant(fold(NumberZip::Mul.zip_value(grad.data, self.b), A::NUMEL)));
        (a, b)
    }
}

/// a b, element-wise. PyTorch's `torch.mul`.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([1.0, 2.0]) * 3.0 * Tensor::from([2.0, 0.5]);
/// assert_eq!(x, Tensor::from([6.0, 3.0]));
/// ```
impl<S, E, C, F, R> Mul<R> for Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
    R: Pointwise<C, S, E>,
{
    type Output = Binary<S, E, C, F, R, MulBackward<E>>;

    fn mul(self, rhs: R) -> Self::Output {
        let () = R::FITS;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_pointwise();
        let flow =
            Waiting::new(Waiting::into_inner(flow).join(rhs, || MulBackward { a: a.clone(), b: b.clone() }));
        Tensor::from_waiting(NumberZip::Mul.zip_value(a, b), flow)
    }
}
