//! y = x with more elements at the ends of its last axes, mirrored there; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::{PadBackward, pad_by};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Reflection, Shape, Volumes,
};
use crate::tensor::Tensor;

pad_by! { Edge::Reflect;
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
    fn reflect_pad() by [Reflection::<S, -1, L, R>::HOLDS], Reflection<S, -1, L, R>;

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
    fn reflect_pad2d() by [Reflection::<S, -1, L, R>::HOLDS, Reflection::<S, -2, T, B>::HOLDS], (Reflection<S, -1, L, R>, Reflection<S, -2, T, B>);

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
    fn reflect_pad3d() by [Reflection::<S, -1, L, R>::HOLDS, Reflection::<S, -2, T, B>::HOLDS, Reflection::<S, -3, FRONT, BACK>::HOLDS], (Reflection<S, -1, L, R>, (Reflection<S, -2, T, B>, Reflection<S, -3, FRONT, BACK>));
}
