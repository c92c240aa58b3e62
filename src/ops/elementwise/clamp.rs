//! y = x between two bounds, and dL/dx = dL/dy where x is between them, else 0. The gradient at a bound is 0
//! too, as in PyTorch 2.15 and as that of `relu`; older versions passed it there.
//!
//! NaN, in x or as a bound, gives NaN, with a gradient of 0.

use crate::element::Numeric;
use crate::graph::{Context, Flow, Graph};
use crate::kernel::elementwise::number::{NumberMap, NumberZip};
use crate::ops::support::results::Mapped;
use crate::ops::support::unary::unary;
use crate::shape::Shape;
use crate::tensor::Tensor;

unary! { Numeric, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// min(max(x, `min`), `max`), element-wise. PyTorch's `clamp`. The gradient passes between the
    /// bounds; at them and outside it is 0.
    ///
    /// If `min` is greater than `max`, the result is `max`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5, 2.0]).clamp(-1.0, 1.0), Tensor::from([-1.0, 0.5, 1.0]));
    /// ```
    fn clamp(min, max) by ClampBackward, saving x:
        NumberMap::Clamp(min, max),
        NumberZip::ClampGrad(min, max);

    /// max(x, `min`), element-wise. PyTorch's `clamp_min`. The gradient passes where x is more than
    /// `min`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5]).clamp_min(0.0), Tensor::from([0.0, 0.5]));
    /// ```
    fn clamp_min(min) by ClampMinBackward, saving x:
        NumberMap::ClampMin(min),
        NumberZip::ClampMinGrad(min);

    /// min(x, `max`), element-wise. PyTorch's `clamp_max`. The gradient passes where x is less than
    /// `max`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5]).clamp_max(0.0), Tensor::from([-2.0, 0.0]));
    /// ```
    fn clamp_max(max) by ClampMaxBackward, saving x:
        NumberMap::ClampMax(max),
        NumberZip::ClampMaxGrad(max);
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Numeric,
    C: Context,
    F: Flow<S, E>,
{
    /// The same as [`clamp`](Self::clamp). PyTorch's `clip`.
    ///
    /// In: any shape. Out: the same shape.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2, 0, 2]).clip(-1, 1), Tensor::from([-1, 0, 1]));
    /// ```
    pub fn clip(self, min: E, max: E) -> Mapped<S, E, C, F, ClampBackward<E>> {
        self.clamp(min, max)
    }
}
