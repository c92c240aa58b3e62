//! y = √x, y = 1/√x, y = x², y = 1/x.

use crate::ops::support::unary::unary;

unary! { Float:
    /// √x element by element. PyTorch's `sqrt`. dL/dx = dL/dy / 2y.
    ///
    /// The root of a negative number is NaN, and the gradient at 0 is infinite.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, 0.25]).sqrt(), Tensor::from([2.0, 0.5]));
    /// ```
    fn sqrt() by SqrtBackward, saving y:
        |x| x.sqrt(),
        |g, y| g / (y + y);

    /// 1/√x element by element. PyTorch's `rsqrt`. dL/dx = -y³/2 dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, 0.25]).rsqrt(), Tensor::from([0.5, 2.0]));
    /// ```
    fn rsqrt() by RsqrtBackward, saving y:
        |x| x.sqrt().recip(),
        |g, y| g * E::from_f64(-0.5) * (y * y * y);

    /// x² element by element. PyTorch's `square`. dL/dx = 2x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -0.5]).square(), Tensor::from([9.0, 0.25]));
    /// ```
    fn square() by SquareBackward, saving x:
        |x| x * x,
        |g, x| g * (x + x);

    /// 1/x element by element. PyTorch's `reciprocal`. dL/dx = -y² dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([4.0, -0.5]).reciprocal(), Tensor::from([0.25, -2.0]));
    /// ```
    fn reciprocal() by ReciprocalBackward, saving y:
        |x| x.recip(),
        |g, y| -g * (y * y);
}
