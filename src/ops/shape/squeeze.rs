//! y = x without an axis of size 1, and dL/dx = dL/dy under the shape of x. The memory is shared.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::shape::reshape::ReshapeBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{Axis, Shape, SizeOne};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Removes the axis `I`, which must have size 1. PyTorch's `squeeze(I)`, which keeps an axis of another size.
    ///
    /// In: `S`. Out: `S` without the axis `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x: Tensor<Rank1<3>> = Tensor::<Rank2<3, 1>>::ones().squeeze::<-1>();
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn squeeze<const I: isize>(self) -> Rearranged<S, E, C, F, S::RemovedAxis, ReshapeBackward> // `x.squeeze::<-1>()`
    where
        S: Axis<I, AxisDim: SizeOne>,
    {
        self.relabel()
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_keep_their_order_and_their_memory() {
        let x = Tensor::<Rank3<2, 1, 3>, i64>::from_fn(|i| i as i64);
        let at = x.data.as_ptr();
        let y = x.squeeze::<-2>();
        assert_eq!((y.data.as_ptr(), y), (at, Tensor::from([[0, 1, 2], [3, 4, 5]])));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 1, 3>, f64>::randn(&mut Rng::seed(4));
        gradcheck(x, |x| (x.squeeze::<1>().powi(2) * Tensor::from([[1.0, 2.0, 3.0]; 2])).sum()).unwrap();
    }
}
