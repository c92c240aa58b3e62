//! y = x with the elements of the other end added at each end of its last axes; see `pad`.

use crate::element::Element;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::shape::pad::Edge;
use crate::ops::shape::pad::{PadBackward, pad_by};
use crate::ops::support::lawful::Lawful;
use crate::ops::support::results::Unary;
use crate::shape::{
    Axis, Law, Matrices, Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, Shape, Volumes, Wraparound,
};
use crate::tensor::Tensor;

pad_by! { Edge::Circular;
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
    fn circular_pad() by [Wraparound::<S, -1, L, R>::HOLDS], Wraparound<S, -1, L, R>;

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
    fn circular_pad2d() by [Wraparound::<S, -1, L, R>::HOLDS, Wraparound::<S, -2, T, B>::HOLDS], (Wraparound<S, -1, L, R>, Wraparound<S, -2, T, B>);

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
    fn circular_pad3d() by [Wraparound::<S, -1, L, R>::HOLDS, Wraparound::<S, -2, T, B>::HOLDS, Wraparound::<S, -3, FRONT, BACK>::HOLDS], (Wraparound<S, -1, L, R>, (Wraparound<S, -2, T, B>, Wraparound<S, -3, FRONT, BACK>));
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
