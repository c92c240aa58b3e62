//! y = max(x, 0), and dL/dx = dL/dy where y > 0, else 0.

use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::gradient::FloatZip;
use crate::ops::support::unary::unary;

unary! { Float:
    /// max(x, 0) element by element. PyTorch's `relu`; the gradient at 0 is 0, and NaN stays NaN.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-1.0, 0.0, 2.0]).relu(), Tensor::from([0.0, 0.0, 2.0]));
    /// ```
    fn relu() by ReluBackward, saving y:
        FloatMap::Relu,
        FloatZip::ReluGrad;
}
