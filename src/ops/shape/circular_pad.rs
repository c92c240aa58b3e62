//! y = x with the elements of the other end added at each end of its last axes; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::PadBackward;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Round, Shape, Volumes,
};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// The last `L` elements in front of the last axis and the first `R` after it, as if it were a ring. PyTorch's
    /// `pad(x, (L, R), mode="circular")`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression. That both are at most `D`, and not negative, is checked when
    /// the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 3.0]).circular_pad::<1, 2>();
    /// assert_eq!(x.with_shape(), Tensor::from([3.0, 1.0, 2.0, 3.0, 1.0, 2.0]));
    /// ```
    pub fn circular_pad<const L: isize, const R: isize>(
        self,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        let () = Round::<S, -1, L, R>::HOLDS;
        self.padded(Edge::Circular, [[L, R], [0, 0], [0, 0]])
    }

    /// `L` and `R` elements of the other end at the ends of the last axis, then `T` and `B` at those of the one before.
    /// PyTorch's `pad(x, (L, R, T, B), mode="circular")`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]).circular_pad2d::<1, 0, 0, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([[2.0, 1.0, 2.0], [4.0, 3.0, 4.0], [2.0, 1.0, 2.0]]));
    /// ```
    pub fn circular_pad2d<const L: isize, const R: isize, const T: isize, const B: isize>(
        self,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        let () = Round::<S, -1, L, R>::HOLDS;
        let () = Round::<S, -2, T, B>::HOLDS;
        self.padded(Edge::Circular, [[L, R], [T, B], [0, 0]])
    }

    /// `L` and `R` elements of the other end at the ends of the last axis, `T` and `B` at those of the one before, `FRONT`
    /// and `BACK` at those of the third from the back. PyTorch's `pad(x, (L, R, T, B, FRONT, BACK), mode="circular")`.
    ///
    /// In: `[.., D, H, W]`. Out: `[.., FRONT + D + BACK, T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0]]]).circular_pad3d::<1, 0, 0, 0, 0, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([[[2.0, 1.0, 2.0]], [[2.0, 1.0, 2.0]]]));
    /// ```
    pub fn circular_pad3d<
        const L: isize,
        const R: isize,
        const T: isize,
        const B: isize,
        const FRONT: isize,
        const BACK: isize,
    >(
        self,
    ) -> Unary<S, E, C, F, Padded3dShape<S, L, R, T, B, FRONT, BACK>, PadBackward<E>>
    where
        S: Volumes + Pad3d<L, R, T, B, FRONT, BACK>,
    {
        let () = Round::<S, -1, L, R>::HOLDS;
        let () = Round::<S, -2, T, B>::HOLDS;
        let () = Round::<S, -3, FRONT, BACK>::HOLDS;
        self.padded(Edge::Circular, [[L, R], [T, B], [FRONT, BACK]])
    }
}

#[cfg(test)]
mod tests {
    use crate::gradcheck;
    use crate::prelude::*;

    #[test]
    fn the_gradient_agrees_with_differences() {
        let x = Tensor::<Rank3<2, 3, 4>, f64>::randn(&mut Rng::seed(16));
        gradcheck(x.clone(), |x| x.circular_pad3d::<4, 1, 0, 2, 1, 1>().powi(3).sum()).unwrap();
        gradcheck(x.clone(), |x| x.circular_pad2d::<1, 3, 3, 0>().powi(3).sum()).unwrap();
        gradcheck(x, |x| x.circular_pad::<2, 4>().powi(3).sum()).unwrap();
    }
}
