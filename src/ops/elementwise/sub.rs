//! y = a - b, and dL/da = dL/dy, dL/db = -dL/dy; summed over the axes along which an operand was repeated.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled, Waiting};
use crate::kernel::elementwise::function::BinaryFunction;
use crate::kernel::elementwise::number::NumberZip;
use crate::kernel::elementwise::pointwise::fold;
use crate::ops::elementwise::neg::negate;
use crate::ops::support::results::Binary;
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Broken, Law, Meet, Shape};
use crate::tensor::Tensor;
use std::ops::Sub;

/// The backward pass of `a - b`.
pub struct SubBackward;

impl<A: Shape, B: Shape, T: Shape, E: Numeric> Pullback2<A, B, T, E> for SubBackward {
    const BROKEN: Broken = Meet::<A, B>::BROKEN;
    const REPEATS: bool = true;
    fn pull(self, grad: Tensor<T, E>, needs_grad: (bool, bool)) -> Pulled<A, B, E> {
        let a = needs_grad.0.then(|| Tensor::constant(fold(grad.data.clone(), A::NUMEL)));
        (a, needs_grad.1.then(|| Tensor::constant(negate(fold(grad.data, B::NUMEL)))))
    }
}

/// a - b, element-wise. PyTorch's `torch.sub`.
///
/// ```
/// use typegrad::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x - Tensor::from([1.0, 0.5]), Tensor::from([[0.0, 1.5], [2.0, 3.5]]));
/// ```
impl<S, E, C, F, R> Sub<R> for Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
    R: Pointwise<C, S, E>,
{
    type Output = Binary<S, E, C, F, R, SubBackward>;

    fn sub(self, rhs: R) -> Self::Output {
        let () = R::FITS;
        let (a, flow) = self.into_waiting();
        let (b, rhs) = rhs.into_pointwise();
        let flow = Waiting::new(Waiting::into_inner(flow).join(rhs, || SubBackward));
        Tensor::from_waiting(NumberZip::Sub.zip_value(a, b), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences_on_both_sides_and_for_repeated_operands() {
        let rng = &mut Rng::seed(1);
        let a = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let b = Tensor::<Rank1<3>, f64>::randn(rng);
        gradcheck((a.clone(), b.clone()), |(a, b)| (a - b).powi(2).sum()).unwrap();
        gradcheck((b, a.clone()), |(b, a)| (b - a).powi(2).sum()).unwrap();
        gradcheck(a.clone(), |a| (a - 0.5).powi(2).sum()).unwrap();
        gradcheck(a, |a| (2.0 - a).powi(2).sum()).unwrap();
    }
}
