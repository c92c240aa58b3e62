//! L = mean of (x - t)², and dL/dx = 2 (x - t) / n = -dL/dt for n elements.

use super::mean::count;
use super::operand::Operand;
use crate::element::Float;
use crate::graph::{Context, Flow, Graph, Pullback2, Pulled};
use crate::kernel::axis::total;
use crate::kernel::pointwise::{map, zip};
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `mse`.
pub struct MseBackward<E> {
    difference: Storage<E>,
}

impl<S: Shape, E: Float> Pullback2<S, S, (), E> for MseBackward<E> {
    fn pull(self, grad: Tensor<(), E>, wanted: (bool, bool)) -> Pulled<S, S, E> {
        let factor = grad.item() * E::from_f64(2.0) / count(S::NUMEL);
        let target = wanted.1.then(|| Tensor::constant(map(self.difference.clone(), |d| -(d * factor))));
        let x = wanted.0.then(|| Tensor::constant(map(self.difference, |d| d * factor)));
        (x, target)
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The mean of (x - target)²: the loss of a regression. PyTorch's `torch.nn.functional.mse_loss`, where the
    /// shapes must be equal: no silent broadcast.
    ///
    /// In: twice `S`. The target is a constant, a tracked tensor or a `&Param`. Out: a scalar.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let loss = Tensor::from([1.0, 2.0, 4.0]).mse(&Tensor::from([0.0, 2.0, 1.0]));
    /// assert_eq!(loss.item(), 10.0 / 3.0);
    /// ```
    pub fn mse<R>(
        self,
        target: R,
    ) -> Tensor<(), E, Graph<C::Or<R::Context>, F::Join<(), S, R::Flow, MseBackward<E>>>>
    where
        R: Operand<C, E, Shape = S>,
    {
        let (x, flow) = self.into_parts();
        let (target, rhs) = target.into_operand();
        let difference = zip(x, target, |x, t| x - t);
        let squares = map(difference.clone(), |d| d * d);
        let flow = flow.join(rhs, || MseBackward { difference });
        Tensor::from_parts(Storage::filled(1, total(squares.as_slice()) / count(S::NUMEL)), flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn both_sides_have_the_gradient_of_pytorch() {
        let x = Param::new(Tensor::from([1.0, 2.0, 4.0]));
        let t = Param::new(Tensor::from([0.0, 2.0, 1.0]));
        assert_eq!(x.track().mse(&t).backward(), 10.0 / 3.0);
        assert_eq!(x.grad().unwrap(), Tensor::from([2.0 / 3.0, 0.0, 2.0]));
        assert_eq!(t.grad().unwrap(), Tensor::from([-2.0 / 3.0, 0.0, -2.0]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let x = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        let t = Tensor::<Rank2<2, 3>, f64>::randn(rng);
        gradcheck((x.clone(), t.clone()), |(x, t)| x.mse(t)).unwrap();
        gradcheck(x, |x| x.mse(&t).powi(2)).unwrap();
    }

    #[test]
    fn the_loss_of_nothing_is_nan() {
        assert!(Tensor::<Rank1<0>>::zeros().mse(Tensor::zeros()).item().is_nan());
    }
}
