//! y = a value where a mask is true, else x; dL/dx = dL/dy where the mask is false, and 0 elsewhere.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph, PerElement, Pullback, Waiting};
use crate::ops::elementwise::where_::{self, BoolMask};
use crate::ops::support::results::Mapped;
use crate::ops::support::rhs::Pointwise;
use crate::shape::{Shape, Unstretched};
use crate::storage::Storage;
use crate::tensor::Tensor;

/// The backward pass of an operation that sets the elements under a mask to constants.
pub struct MaskedFillBackward {
    pub(in crate::ops) mask: Storage<bool>,
}

impl<S: Shape, E: Element> Pullback<S, S, E> for MaskedFillBackward {
    fn pull(self, grad: Tensor<S, E>) -> Tensor<S, E> {
        Tensor::constant(E::fill(grad.data, self.mask.as_slice(), true, E::default()))
    }
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// This tensor with `value` where the mask is true. PyTorch's `masked_fill`.
    ///
    /// In: `S`, a mask of this shape, or without leading axes of it, and a number of type `E`, which `M::With<E>` is. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let scores = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// let future = Tensor::from([[false, true], [false, false]]);
    /// let scores = scores.masked_fill(future, f64::NEG_INFINITY);
    /// assert_eq!(scores, Tensor::from([[1.0, f64::NEG_INFINITY], [3.0, 4.0]]));
    /// ```
    pub fn masked_fill<M>(self, mask: M, value: M::With<E>) -> M::With<Mapped<S, E, C, F, MaskedFillBackward>>
    where
        M: BoolMask<This: Pointwise<C, S, bool, Output: Unstretched<S>>>,
    {
        let () = <M::This as Pointwise<C, S, bool>>::FITS;
        let (x, flow) = self.into_waiting();
        let mask = where_::mask(mask.this().into_pointwise().0, S::NUMEL);
        let y = E::fill(x, mask.as_slice(), true, M::take(value));
        let flow = Waiting::into_inner(flow).then_as::<PerElement, _, _>(|| MaskedFillBackward { mask });
        M::give(Tensor::from_parts(y, flow))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn masks_of_fewer_axes_fit() {
        let x = Tensor::from([[1, 2], [3, 4]]);
        let rows = Tensor::from([[true], [false]]);
        assert_eq!(x.masked_fill(rows.expand(), 0), Tensor::from([[0, 0], [3, 4]]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let a = Tensor::<Rank2<2, 3>, f64>::randn(&mut Rng::seed(3));
        let short = Tensor::from([true, false, true]);
        gradcheck(a, |a| a.masked_fill(&short, 3.0).powi(2).sum()).unwrap();
    }
}
