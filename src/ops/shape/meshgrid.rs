//! Each of several vectors, repeated along the axes of the others.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::strided::View;
use crate::ops::shape::permute::ViewBackward;
use crate::ops::support::results::Rearranged;
use crate::shape::Dim;
use crate::tensor::Tensor;

/// Vectors that make a grid.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not make a grid",
    label = "not a tuple of two or three vectors",
    note = "write `(x, y).meshgrid()`, where x and y are tensors of one axis"
)]
pub trait Meshgrid {
    /// The coordinates, one tensor for each vector.
    type Output;
    #[doc(hidden)]
    fn coordinates(self) -> Self::Output;
}

macro_rules! impl_meshgrid {
    ($shape:ty; $($dim:ident $element:ident $context:ident $flow:ident $index:tt [$($before:ident)*] [$($after:ident)*]),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($dim: Dim, $element: Element, $context: Context, $flow: Flow<($dim,), $element>),+> Meshgrid
            for ($(Tensor<($dim,), $element, Graph<$context, $flow>>,)+)
        {
            type Output = ($(Rearranged<($dim,), $element, $context, $flow, $shape, ViewBackward>,)+);
            fn coordinates(self) -> Self::Output {
                ($({
                    let before: &[usize] = &[$($before::SIZE),*];
                    let after: &[usize] = &[$($after::SIZE),*];
                    let view = View::of(&[$dim::SIZE]);
                    let view = after.iter().rev().fold(view, |view, count| view.repeat(1, *count));
                    let view = before.iter().rev().fold(view, |view, count| view.repeat(0, *count));
                    self.$index.rearranged(view)
                },)+)
            }
        }
    };
}
impl_meshgrid!((A, B); A EA CA FA 0 [] [B], B EB CB FB 1 [A] []);
impl_meshgrid!((A, B, D); A EA CA FA 0 [] [B D], B EB CB FB 1 [A] [D], D ED CD FD 2 [A B] []);

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn three_vectors_make_three_coordinates() {
        let (x, y, z) = (Tensor::from([1, 2]), Tensor::from([3, 4, 5]), Tensor::from([6, 7]));
        let (x, y, z) = (x, y, z).meshgrid();
        assert_eq!(x, Tensor::from([[[1; 2]; 3], [[2; 2]; 3]]));
        assert_eq!(y, Tensor::from([[[3; 2], [4; 2], [5; 2]]; 2]));
        assert_eq!(z, Tensor::from([[[6, 7]; 3]; 2]));
    }

    #[test]
    fn the_gradient_agrees_with_differences() {
        let rng = &mut Rng::seed(1);
        let (x, y) = (Tensor::<Rank1<3>, f64>::randn(rng), Tensor::<Rank1<2>, f64>::randn(rng));
        gradcheck((x, y), |(x, y)| {
            let (x, y) = (x, y).meshgrid();
            (x * y.powi(2)).powi(2).sum()
        })
        .unwrap();
    }
}
