//! y = x with copies of the ends of its last axes added there; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::{PadBackward, pad_by};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Replication, Shape, Volumes,
};
use crate::tensor::Tensor;

pad_by! { Edge::Replicate;
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
    fn replicate_pad() by [Replication::<S, -1, L, R>::HOLDS], Replication<S, -1, L, R>;

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
    fn replicate_pad2d() by [Replication::<S, -1, L, R>::HOLDS, Replication::<S, -2, T, B>::HOLDS], (Replication<S, -1, L, R>, Replication<S, -2, T, B>);

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
    fn replicate_pad3d() by [Replication::<S, -1, L, R>::HOLDS, Replication::<S, -2, T, B>::HOLDS, Replication::<S, -3, FRONT, BACK>::HOLDS], (Replication<S, -1, L, R>, (Replication<S, -2, T, B>, Replication<S, -3, FRONT, BACK>));
}
