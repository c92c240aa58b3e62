//! y = √x, y = x².

use super::unary::unary;

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

    /// x² element by element. PyTorch's `square`. dL/dx = 2x dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([3.0, -0.5]).square(), Tensor::from([9.0, 0.25]));
    /// ```
    fn square() by SquareBackward, saving x:
        |x| x * x,
        |g, x| g * (x + x);
}
