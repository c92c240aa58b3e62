//! y = x with more elements at the ends of its last axes, mirrored there; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::PadBackward;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Reflection, Shape, Volumes,
};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `L` elements in front of the last axis and `R` after it, mirrored at its ends. PyTorch's
    /// `pad(x, (L, R), mode="reflect")`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression. That both are less than `D` is checked when the program is
    /// built. Negative amounts take elements away.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 3.0]).reflect_pad::<2, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([3.0, 2.0, 1.0, 2.0, 3.0, 2.0]));
    /// ```
    pub fn reflect_pad<const L: isize, const R: isize>(
        self,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        let () = Reflection::<S, -1, L, R>::HOLDS;
        self.padded(Edge::Reflect, [[L, R], [0, 0], [0, 0]])
    }

    /// `L` and `R` elements at the ends of the last axis, `T` and `B` at those of the one before, mirrored. PyTorch's
    /// `pad(x, (L, R, T, B), mode="reflect")`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions. That the amounts are less than the sizes is
    /// checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]).reflect_pad2d::<1, 0, 1, 0>();
    /// assert_eq!(x.with_shape(), Tensor::from([[4.0, 3.0, 4.0], [2.0, 1.0, 2.0], [4.0, 3.0, 4.0]]));
    /// ```
    pub fn reflect_pad2d<const L: isize, const R: isize, const T: isize, const B: isize>(
        self,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        let () = Reflection::<S, -1, L, R>::HOLDS;
        let () = Reflection::<S, -2, T, B>::HOLDS;
        self.padded(Edge::Reflect, [[L, R], [T, B], [0, 0]])
    }

    /// `L` and `R` elements at the ends of the last axis, `T` and `B` at those of the one before, `FRONT` and `BACK` at
    /// those of the third from the back, mirrored. PyTorch's `pad(x, (L, R, T, B, FRONT, BACK), mode="reflect")`.
    ///
    /// In: `[.., D, H, W]`. Out: `[.., FRONT + D + BACK, T + H + B, L + W + R]`, expressions. That the amounts are less
    /// than the sizes is checked when the program is built.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0]], [[3.0, 4.0]]]).reflect_pad3d::<0, 1, 0, 0, 1, 0>();
    /// assert_eq!(x.with_shape(), Tensor::from([[[3.0, 4.0, 3.0]], [[1.0, 2.0, 1.0]], [[3.0, 4.0, 3.0]]]));
    /// ```
    pub fn reflect_pad3d<
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
        let () = Reflection::<S, -1, L, R>::HOLDS;
        let () = Reflection::<S, -2, T, B>::HOLDS;
        let () = Reflection::<S, -3, FRONT, BACK>::HOLDS;
        self.padded(Edge::Reflect, [[L, R], [T, B], [FRONT, BACK]])
    }
}
