//! y = x with a new axis of size 1, and dL/dx = dL/dy under the shape of x. The memory is shared.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::shape::reshape::ReshapeBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{InsertAxis, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Inserts an axis of size 1 at position `I`, where `-1` is the end. PyTorch's `unsqueeze(I)`.
    ///
    /// In: `S`. Out: `S` with 1 inserted at position `I`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x: Tensor<Rank2<3, 1>> = Tensor::<Rank1<3>>::ones().unsqueeze::<-1>();
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn unsqueeze<const I: isize>(self) -> Rearranged<S, E, C, F, S::Unsqueezed, ReshapeBackward> // `x.unsqueeze::<0>()`
    where
        S: InsertAxis<I>,
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
        let x = Tensor::<Rank2<2, 3>, i64>::from_fn(|i| i as i64);
        let at = x.data.as_ptr();
        let y = x.unsqueeze::<1>();
        assert_eq!((y.data.as_ptr(), y), (at, Tensor::from([[[0, 1, 2]], [[3, 4, 5]]])));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank1<3>, f64>::randn(&mut Rng::seed(4));
        gradcheck(x, |x| (x.unsqueeze::<-1>().powi(2) * Tensor::from([[1.0], [2.0], [3.0]])).sum()).unwrap();
    }
}
