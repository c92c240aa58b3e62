//! y = x - ln Σ eˣ along an axis, and dL/dx = dL/dy - eʸ Σ dL/dy.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, LogSoftmaxAlong, Pullback, Waiting};
use crate::kernel::axis::axis::AxisLayout;
use crate::ops::support::results::Unary;
use crate::shape::{Axis, Shape};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of `log_softmax`.
pub struct LogSoftmaxBackward<E> {
    y: Storage<E>,
    along: AxisLayout,
}

impl<S: Shape, E: Float> Pullback<S, S, E> for LogSoftmaxBackward<E> {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(E::log_softmax_along_back(grad.data, self.y.as_slice(), self.along))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// x - ln Σ eˣ, where the sum is along the axis `I`: the logarithms of the [`softmax`](Tensor::softmax),
    /// exact where that is 0. PyTorch's `log_softmax(dim=I)`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1000.0, 0.0]]);
    /// assert_eq!(x.log_softmax::<-1>(), Tensor::from([[0.0, -1000.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn log_softmax<const I: isize>(self) -> Unary<S, E, C, F, S, LogSoftmaxBackward<E>, LogSoftmaxAlong<S::AxisPosition>> // `x.log_softmax::<-1>()`
    where
        S: Axis<I>,
    {
        let along = AxisLayout::of::<S, I>();
        let (x, flow) = self.into_waiting();
        let y = E::log_softmax_along(x, along);
        let flow = Waiting::into_inner(flow)
            .then_as::<LogSoftmaxAlong<S::AxisPosition>, _, _>(|| LogSoftmaxBackward { y: y.clone(), along });
        Tensor::from_parts(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn it_agrees_with_the_definition() {
        let x = Tensor::<Rank2<3, 4>, f64>::randn(&mut Rng::seed(1));
        let y = x.clone().log_softmax::<0>().to_array::<[[f64; 4]; 3]>();
        let x = x.to_array::<[[f64; 4]; 3]>();
        for column in 0..4 {
            let sum: f64 = (0..3).map(|row| x[row][column].exp()).sum();
            for row in 0..3 {
                assert!((y[row][column] - (x[row][column].exp() / sum).ln()).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn the_gradient_agrees_with_differences_for_each_axis() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(1));
        gradcheck(x.clone(), |x| x.log_softmax::<0>().powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.log_softmax::<1>().powi(3).sum()).unwrap();
        gradcheck(x, |x| x.log_softmax::<-1>().powi(2).sum()).unwrap();
    }
}
