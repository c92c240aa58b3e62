//! The activation functions but `relu`.

use super::unary::unary;
use crate::kernel::scalar::sigmoid;

unary! { Float:
    /// 1 / (1 + e⁻ˣ) element by element. PyTorch's `sigmoid`. dL/dx = y (1 - y) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).sigmoid(), Tensor::from([0.5, 0.0, 1.0]));
    /// ```
    fn sigmoid() by SigmoidBackward, saving y:
        |x| sigmoid(x),
        |g, y| g * (E::one() - y) * y;
}
