//! y = x, with NaN and the infinities replaced by numbers; dL/dx = dL/dy where x is finite, and 0 elsewhere.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, PerElement, Waiting};
use crate::kernel::elementwise::float::{Class, FloatMap};
use crate::kernel::elementwise::function::UnaryFunction;
use crate::ops::elementwise::masked_fill::MaskedFillBackward;
use crate::ops::support::results::Mapped;
use crate::shape::Shape;
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with 0 for NaN, and the largest and the smallest finite number for the infinities. PyTorch's
    /// `nan_to_num()`. No gradient flows through what was replaced.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2.0]);
    /// assert_eq!(x.nan_to_num(), Tensor::from([0.0, f64::MAX, f64::MIN, 2.0]));
    /// ```
    pub fn nan_to_num(self) -> Mapped<S, E, C, F, MaskedFillBackward> {
        self.nan_to_num_with(E::zero(), E::max_value(), E::min_value())
    }

    /// This tensor with other numbers for NaN, infinity and minus infinity. PyTorch's `nan_to_num(nan, posinf, neginf)`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2.0]);
    /// assert_eq!(x.nan_to_num_with(0.0, 1.0, -1.0), Tensor::from([0.0, 1.0, -1.0, 2.0]));
    /// ```
    pub fn nan_to_num_with(self, nan: E, posinf: E, neginf: E) -> Mapped<S, E, C, F, MaskedFillBackward> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<PerElement, _, _>(|| MaskedFillBackward {
            mask: E::of_class(Class::NotFinite, x.as_slice()),
        }));
        let y = FloatMap::NanToNum(nan, posinf, neginf).map(x);
        Tensor::from_waiting(y, flow)
    }
}

#[cfg(test)]
mod tests {
    use crate::ops::support::testing::{INF, NAN, check_number};

    #[test]
    fn nan_and_infinities_are_replaced_as_in_pytorch() {
        let (x, dx) = ([NAN, INF, -INF, 2.0], [0.0, 0.0, 0.0, 1.0]);
        check_number(|x| x.nan_to_num(), x, [0.0, f64::MAX, f64::MIN, 2.0], dx);
        check_number(|x| x.nan_to_num_with(1.0, 2.0, 3.0), x, [1.0, 2.0, 3.0, 2.0], dx);
    }
}
