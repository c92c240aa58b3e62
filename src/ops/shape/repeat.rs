//! y = copies of x side by side, and dL/dx is the sum of dL/dy over the copies.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::strided::View;
use crate::ops::shape::permute::ViewBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{Repeat, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// Copies side by side along each axis, as often as the counts `K` say. PyTorch's `repeat`, or `tile`.
    ///
    /// In: `S`. Out: the products of the counts and the dimensions. If there are more counts than axes,
    /// the first ones are those of new leading axes.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]);
    /// let y: Tensor<Rank2<2, 4>, f64> = x.repeat::<Rank2<2, 2>>().with_shape();
    /// assert_eq!(y, Tensor::from([[1.0, 2.0, 1.0, 2.0], [1.0, 2.0, 1.0, 2.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn repeat<K>(self) -> Rearranged<S, E, C, F, S::Repeated, ViewBackward> // `x.repeat::<Rank2<2, 3>>()`
    where
        K: Shape,
        S: Repeat<K>,
    {
        let lead = K::RANK - S::RANK;
        let mut view = View::of(S::SIZES);
        // From the back, so that the positions in front stay what they are.
        for p in (0..S::RANK).rev() {
            view = view.repeat(p, K::SIZES[lead + p]);
        }
        for p in (0..lead).rev() {
            view = view.repeat(0, K::SIZES[p]);
        }
        self.rearranged(view)
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn copies_agree_with_indexing_modulo_the_sizes() {
        let x = Tensor::<Rank2<2, 3>, i64>::from_fn(|i| i as i64);
        let y = x.clone().repeat::<Rank3<2, 3, 2>>().with_shape::<Rank3<2, 6, 6>>();
        let (x, y) = (x.to_array::<[[i64; 3]; 2]>(), y.to_array::<[[[i64; 6]; 6]; 2]>());
        for (a, b, c) in (0..72).map(|n| (n / 36, n / 6 % 6, n % 6)) {
            assert_eq!(y[a][b][c], x[b % 2][c % 3]);
        }
        assert_eq!(Tensor::from(7).repeat::<Rank1<3>>(), Tensor::from([7, 7, 7]));
        assert!(Tensor::from([7, 8]).repeat::<Rank1<0>>().to_vec().is_empty());
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank2<2, 3>, f64>::randn(&mut Rng::seed(7));
        let w = Tensor::<Rank3<2, 6, 3>, f64>::randn(&mut Rng::seed(8));
        gradcheck((x, w), |(x, w)| {
            (x.repeat::<Rank3<2, 3, 1>>().with_shape::<Rank3<2, 6, 3>>().powi(2) * w).sum()
        })
        .unwrap();
    }
}
