//! y = eˣ and its inverse, y = ln x, in their bases; near 0, y = eˣ - 1 and y = ln(1 + x).

use super::unary::unary;

unary! { Float:
    /// eˣ element by element. PyTorch's `exp`. dL/dx = y dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::NEG_INFINITY]).exp(), Tensor::from([1.0, 0.0]));
    /// ```
    fn exp() by ExpBackward, saving y:
        |x| x.exp(),
        |g, y| g * y;

    /// The natural logarithm element by element. PyTorch's `log`. dL/dx = dL/dy / x.
    ///
    /// The logarithm of 0 is -∞ and that of a negative number is NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, 0.0]).ln(), Tensor::from([0.0, f64::NEG_INFINITY]));
    /// ```
    #[doc(alias = "log")]
    fn ln() by LnBackward, saving x:
        |x| x.ln(),
        |g, x| g / x;
}
