//! y = tanh x.

use super::unary::unary;

unary! { Float:
    /// tanh x element by element. PyTorch's `tanh`. dL/dx = (1 - y²) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).tanh(), Tensor::from([0.0, 1.0]));
    /// ```
    fn tanh() by TanhBackward, saving y:
        |x| x.tanh(),
        |g, y| g * (E::one() - y * y);
}
