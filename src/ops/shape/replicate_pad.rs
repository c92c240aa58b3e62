//! y = x with copies of the ends of its last axes added there; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::PadBackward;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Replication, Shape, Volumes,
};
use crate::tensor::Tensor;

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Element,
    C: Context,
    F: Flow<S, E>,
{
    /// `L` copies of the first element in front of the last axis, and `R` of the last one after it. PyTorch's
    /// `pad(x, (L, R), mode="replicate")`.
    ///
    /// In: `[.., D]`. Out: `[.., L + D + R]`, an expression. Negative amounts take elements away.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]).replicate_pad::<2, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([1.0, 1.0, 1.0, 2.0, 2.0]));
    /// ```
    pub fn replicate_pad<const L: isize, const R: isize>(
        self,
    ) -> Unary<S, E, C, F, PaddedShape<S, L, R>, PadBackward<E>>
    where
        S: Axis<-1>,
    {
        let () = Replication::<S, -1, L, R>::HOLDS;
        self.padded(Edge::Replicate, [[L, R], [0, 0], [0, 0]])
    }

    /// `L` and `R` copies of the ends of the last axis, then `T` and `B` of those of the one before. PyTorch's
    /// `pad(x, (L, R, T, B), mode="replicate")`.
    ///
    /// In: `[.., H, W]`. Out: `[.., T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0]]).replicate_pad2d::<1, 0, 0, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([[1.0, 1.0, 2.0], [1.0, 1.0, 2.0]]));
    /// ```
    pub fn replicate_pad2d<const L: isize, const R: isize, const T: isize, const B: isize>(
        self,
    ) -> Unary<S, E, C, F, Padded2dShape<S, L, R, T, B>, PadBackward<E>>
    where
        S: Matrices + Pad2d<L, R, T, B>,
    {
        let () = Replication::<S, -1, L, R>::HOLDS;
        let () = Replication::<S, -2, T, B>::HOLDS;
        self.padded(Edge::Replicate, [[L, R], [T, B], [0, 0]])
    }

    /// `L` and `R` copies of the ends of the last axis, `T` and `B` of those of the one before, `FRONT` and `BACK` of
    /// those of the third from the back. PyTorch's `pad(x, (L, R, T, B, FRONT, BACK), mode="replicate")`.
    ///
    /// In: `[.., D, H, W]`. Out: `[.., FRONT + D + BACK, T + H + B, L + W + R]`, expressions.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// let x = Tensor::from([[[1.0, 2.0]]]).replicate_pad3d::<1, 0, 0, 0, 0, 1>();
    /// assert_eq!(x.with_shape(), Tensor::from([[[1.0, 1.0, 2.0]], [[1.0, 1.0, 2.0]]]));
    /// ```
    pub fn replicate_pad3d<
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
        let () = Replication::<S, -1, L, R>::HOLDS;
        let () = Replication::<S, -2, T, B>::HOLDS;
        let () = Replication::<S, -3, FRONT, BACK>::HOLDS;
        self.padded(Edge::Replicate, [[L, R], [T, B], [FRONT, BACK]])
    }
}
