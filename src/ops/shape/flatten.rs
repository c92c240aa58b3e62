//! The same elements with axes merged, and dL/dx = dL/dy under the shape of x. The memory is
//! shared.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::ops::shape::reshape::ReshapeBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{Flatten, FlattenAll, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// All elements as a vector. PyTorch's `flatten()`.
    ///
    /// In: `S`. Out: the product of all dimensions, an expression, which
    /// [`with_shape`](Tensor::with_shape) writes as a literal.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.flatten().with_shape(), Tensor::from([1.0, 2.0, 3.0, 4.0]));
    /// ```
    // rustc shows the next line where an argument is too many.
    #[rustfmt::skip]
    pub fn flatten(self) -> Rearranged<S, E, C, F, (S::Flat,), ReshapeBackward> // from an axis on: `x.flatten_axes::<1, -1>()`
    where
        S: FlattenAll,
    {
        self.relabel()
    }

    /// Merges the axes from `I` to `J`, both included, into one. PyTorch's `flatten(I, J)`.
    ///
    /// In: `S`. Out: `S` with the product of these dimensions in their place, an expression.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank4<8, 3, 4, 5>>::ones();
    /// let y: Tensor<Rank2<8, 60>> = x.flatten_axes::<1, -1>().with_shape();
    /// ```
    #[rustfmt::skip]
    pub fn flatten_axes<const I: isize, const J: isize>( // `x.flatten_axes::<1, -1>()`
        self,
    ) -> Rearranged<S, E, C, F, <S as Flatten<I, J>>::Flat, ReshapeBackward>
    where
        S: Flatten<I, J>,
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
        let y = x.flatten_axes::<0, 1>().unsqueeze::<1>().squeeze::<-2>().flatten();
        assert_eq!((y.data.as_ptr(), y.as_slice()), (at, &[0, 1, 2, 3, 4, 5][..]));
        assert_eq!(Tensor::from(1.5).flatten(), Tensor::from([1.5]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 1, 3>, f64>::randn(&mut Rng::seed(4));
        gradcheck(x, |x| {
            let w = Tensor::<Rank1<6>, f64>::arange();
            let y = x.clone().squeeze::<1>().powi(2).unsqueeze::<-1>().flatten().with_shape::<Rank1<6>>() * w;
            (y * x.flatten_axes::<0, -1>().with_shape::<Rank1<6>>()).sum()
        })
        .unwrap();
    }
}
