//! y = a + b, and dL/da = dL/dy, dL/db = dL/dy; summed over the axes along which an operand was repeated.

use crate::element::{Element, Numeric};
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::fold;
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Broken, Law, Meet, Shape};
use crate::tensor::Tensor;
use std::ops::Add;

/// The backward pass of `a + b`.
pub struct AddBackward;

impl<A: Shape, B: Shape, T: Shape, E: Element> Pullback2<A, B, T, E> for AddBackward {
    const BROKEN: Broken = Meet::<A, B>::BROKEN;
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let a = needs_grad.0.then(|| Tensor::constant(fold(grad.data.clone(), A::NUMEL)));
        (a, needs_grad.1.then(|| Tensor::constant(fold(grad.data, B::NUMEL))))
    }
}

/// a + b, element-wise. PyTorch's `torch.add`.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x + Tensor::from([10.0, 20.0]), Tensor::from([[11.0, 22.0], [13.0, 24.0]]));
/// ```
impl<S, E, C, F, R> Add<R> for Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
    R: Pointwise<C, S, E>,
{
    type Output = Binary<S, E, C, F, R, AddBackward>;

    fn add(self, rhs: R) -> Self::Output {
        let () = R::FITS;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_pointwise();
        let flow = Waiting::new(Waiting::into_inner(flow).join(rhs, || AddBackward));
        Tensor::from_waiting(NumberZip::Add.zip_value(a, b), flow)
    }
}
