//! y = x rounded, whose gradient is 0; and y = x - trunc x, whose gradient is 1.
//!
//! The results are tracked, as in PyTorch: a parameter upstream gets a gradient of zeros.

use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::number::NumberMap;
use crate::ops::support::unary::unary;

unary! { Float:
    /// The largest whole number that is at most x, element by element. PyTorch's `floor`. The gradient is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.5]).floor(), Tensor::from([1.0, -2.0]));
    /// ```
    fn floor() by FloorBackward, saving nothing:
        FloatMap::Floor,
        NumberMap::Zero;

    /// The smallest whole number that is at least x, element by element. PyTorch's `ceil`. The gradient is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.5]).ceil(), Tensor::from([2.0, -1.0]));
    /// ```
    fn ceil() by CeilBackward, saving nothing:
        FloatMap::Ceil,
        NumberMap::Zero;

    /// The nearest whole number element by element, the even one of two. PyTorch's `round`. The gradient is
    /// 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.5, 1.5, 2.5, -2.6]).round(), Tensor::from([0.0, 2.0, 2.0, -3.0]));
    /// ```
    fn round() by RoundBackward, saving nothing:
        FloatMap::Round,
        NumberMap::Zero;

    /// The whole part of x element by element, rounded towards 0. PyTorch's `trunc` and `fix`. The gradient
    /// is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.5]).trunc(), Tensor::from([1.0, -1.0]));
    /// ```
    #[doc(alias = "fix")]
    fn trunc() by TruncBackward, saving nothing:
        FloatMap::Trunc,
        NumberMap::Zero;

    /// x - trunc x element by element: what is behind the point, with the sign of x. PyTorch's `frac`. The
    /// gradient is 1.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.25]).frac(), Tensor::from([0.5, -0.25]));
    /// ```
    fn frac() by FracBackward, saving nothing:
        FloatMap::Frac,
        NumberMap::Identity;
}
