//! y = x with one axis at another position, and dL/dx = dL/dy with that axis moved back.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::strided::View;
use crate::ops::shape::permute::ViewBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::{Axis, Dim, InsertAxis, Shape};
use crate::tensor::Tensor;

/// The shape `S` with the axis `I` moved to position `J`.
pub type Moved<S, const I: isize, const J: isize> =
    <<S as Axis<I>>::Removed as InsertAxis<J>>::Inserted<<S as Axis<I>>::Dim>;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The axis `I` moved to position `J`; the others keep their order. PyTorch's `movedim(I, J)`.
    ///
    /// In: `S`. Out: `S` with the dimension of axis `I` at position `J`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::<Rank3<2, 3, 4>>::ones();
    /// let y: Tensor<Rank3<3, 4, 2>> = x.movedim::<0, -1>();
    /// ```
    #[rustfmt::skip]
    pub fn movedim<const I: isize, const J: isize>( // `x.movedim::<0, -1>()`
        self,
    ) -> Rearranged<S, E, C, F, Moved<S, I, J>, ViewBackward>
    where
        S: Axis<I, Removed: InsertAxis<J>>,
    {
        let from = <<S as Axis<I>>::Position as Dim>::SIZE;
        let to = if J < 0 { S::RANK - J.unsigned_abs() } else { J as usize };
        self.rearranged(View::of(S::SIZES).shift(from, to))
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn elements_move_with_their_axes() {
        let x = Tensor::<Rank3<2, 3, 4>, i64>::from_fn(|i| i as i64);
        let m = x.clone().movedim::<0, 1>().to_array::<[[[i64; 4]; 2]; 3]>();
        let n = x.clone().movedim::<-1, -3>().to_array::<[[[i64; 3]; 2]; 4]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for (a, b, c) in (0..24).map(|n| (n / 12, n / 4 % 3, n % 4)) {
            assert_eq!([m[b][a][c], n[c][a][b]], [x[a][b][c]; 2]);
        }
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(5));
        let w = Tensor::<Rank3<4, 2, 3>, f64>::randn(&mut Rng::seed(6));
        gradcheck((x.clone(), w.clone()), |(x, w)| (x.movedim::<2, 0>().powi(2) * w).sum()).unwrap();
        gradcheck((x, w), |(x, w)| (x * w.movedim::<0, -1>().powi(2)).sum()).unwrap();
    }
}
