//! y = a / b, and dL/da = dL/dy / b, dL/db = -dL/dy (a / b) / b; summed over the axes along which an operand was
//! repeated. A number over a tensor is an operation with one operand.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback, Waiting};
use crate::kernel::elementwise::float_zip::{FloatZip, FloatZipGrad};
use crate::kernel::elementwise::function::{BinaryFunction, BinaryGradient};
use crate::kernel::elementwise::pointwise::Value;
use crate::ops::support::binary::binary;
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;
use std::ops::Div;

binary! { @backward Float "/", DivBackward,
    |g, _, b| FloatZip::Div.zip_value(g, b.clone()),
    |g, a, b| FloatZipGrad::Div.zip_grad(g, a, b)
}

/// a / b, element-wise. PyTorch's `torch.div`.
///
/// Integers are not divided: PyTorch converts them to floats, which is explicit here.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x / Tensor::from([2.0, 4.0]), Tensor::from([[0.5, 0.5], [1.5, 1.0]]));
/// ```
impl<S, E, C, F, R> Div<R> for Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
    R: Pointwise<C, S, E>,
{
    type Output = Binary<S, E, C, F, R, DivBackward<E>>;

    fn div(self, rhs: R) -> Self::Output {
        let () = R::FITS;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_pointwise();
        let flow = Waiting::new(
            Waiting::into_inner(flow).join(rhs, || DivBackward { a: Value::Many(a.clone()), b: b.clone() }),
        );
        Tensor::from_waiting(FloatZip::Div.zip_value(a, b), flow)
    }
}

/// The backward pass of `number / x`.
pub struct NumberDivBackward<E> {
    pub(in crate::ops) number: E,
    pub(in crate::ops) x: Storage<E>,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for NumberDivBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(FloatZip::OverGrad(self.number).zip(grad.data, self.x))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_on_both_sides_and_for_repeated_operands() {
        let rng = &mut Rng::seed(1);
        let a = Tensor::<Rank2<2, 3>, f64>::uniform(0.5, 2.0, rng);
        let b = Tensor::<Rank1<3>, f64>::uniform(0.5, 2.0, rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| (a / b).powi(2).sum()).unwrap();
        gradcheck((b, a.clone()), |(b, a)| (b / a).powi(2).sum()).unwrap();
        gradcheck(a.clone(), |a| (a / 0.5).powi(2).sum()).unwrap();
        gradcheck(a, |a| (2.0 / a).powi(2).sum()).unwrap();
    }

    #[test]
    fn dividing_by_zero_is_infinite_or_no_number() {
        let y = Tensor::from([1.0_f64, -1.0, 0.0]) / 0.0;
        let y = y.to_vec();
        assert!(y[0] == f64::INFINITY && y[1] == f64::NEG_INFINITY && y[2].is_nan());
    }
}
