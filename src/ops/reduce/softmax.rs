//! y = eˣ / Σ eˣ along an axis, and dL/dx = y (dL/dy - Σ y dL/dy).

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, OfSoftmax, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `softmax`.
pub struct SoftmaxBackward<E> {
    y: Storage<E>,
    along: AxisLayout,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for SoftmaxBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(E::softmax_along_back(grad.data, self.y.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// eˣ / Σ eˣ, where the sum is along the axis `I`: probabilities from scores. PyTorch's `softmax(dim=I)`.
    ///
    /// In: `S`. Out: `S`. No finite score is too large. For a loss, take
    /// [`cross_entropy`](Tensor::cross_entropy) or [`log_softmax`](Tensor::log_softmax), not the logarithm of this.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1000.0, 1000.0], [0.0, 0.0]]);
    /// assert_eq!(x.softmax::<-1>(), Tensor::full(0.5));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn softmax<const I: isize>(self) -> Unary<S, E, C, F, S, SoftmaxBackward<E>, OfSoftmax> // `x.softmax::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_waiting();
        let y = E::softmax_along(x, along);
        let flow =
            Waiting::into_inner(flow).then_as::<OfSoftmax, _, _>(|| SoftmaxBackward { y: y.clone(), along });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    // Values of PyTorch 2.
    #[test]
    fn the_values_are_those_of_pytorch() {
        let y = Tensor::from([[1.0_f64, 2.0, 3.0], [0.0, 0.0, 0.0]]).softmax::<1>();
        let want = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218, 1. / 3., 1. / 3., 1. / 3.];
        for (y, want) in y.to_vec().into_iter().zip(want) {
            assert!((y - want).abs() < 1e-15, "{y} {want}");
        }
    }

    #[test]
    fn infinities_are_as_in_pytorch() {
        let inf = f32::INFINITY;
        assert_eq!(Tensor::from([0.0, -inf]).softmax::<0>(), Tensor::from([1.0, 0.0]));
        assert!(Tensor::from([-inf, -inf]).softmax::<0>().to_vec().iter().all(|y| y.is_nan()));
        assert!(Tensor::from([0.0, inf]).softmax::<0>().to_vec()[1].is_nan());
        assert!(Tensor::from([0.0, f32::NAN]).softmax::<0>().to_vec().iter().all(|y| y.is_nan()));
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.softmax::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.softmax::<1>().powi(3).sum()).unwrap();
        gradcheck(x, |x| x.softmax::<-1>().powi(2).sum()).unwrap();
    }
}
