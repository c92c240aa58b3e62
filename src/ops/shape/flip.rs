//! y = x with one axis reversed, and dL/dx = dL/dy with that axis reversed.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::strided::View;
use crate::ops::shape::permute::ViewBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{Axis, Dim, Shape};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The elements in reverse order along the axis `I`. PyTorch's `flip([I])`.
    ///
    /// In: `S`. Out: `S`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// assert_eq!(x.flip::<-1>(), Tensor::from([[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]]));
    /// ```
    #[rustfmt::skip]
    pub fn flip<const I: isize>(self) -> Rearranged<S, E, C, F, S, ViewBackward> // `x.flip::<-1>()`
    where
        S: Axis<I>,
    {
        self.rearranged(View::of(S::SIZES).flip(<<S as Axis<I>>::Position as Dim>::SIZE))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_are_in_reverse_order() {
        let x = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64);
        let f = x.clone().flip::<1>().to_array::<[[[i64; 4]; 3]; 2]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for (a, b, c) in (0..24).map(|n| (n / 12, n / 4 % 3, n % 4)) {
            assert_eq!(f[a][2 - b][c], x[a][b][c]);
        }
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(5));
        let w = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(6));
        gradcheck((x, w), |(x, w)| (x.flip::<-1>() * w.powi(2)).sum()).unwrap();
    }
}
