//! y = x rounded, whose gradient is 0; and y = x - trunc x, whose gradient is 1.
//!
//! The results are tracked, as in PyTorch: a parameter upstream gets a gradient of zeros.

use crate::element::Float;
use crate::graph::{Context, Flow, Graph, PerElement, Waiting};
use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::number::NumberMap;
use crate::ops::support::results::Mapped;
use crate::ops::support::unary::unary;
use crate::shape::Shape;
use crate::storage::Storage;
use crate::tensor::Tensor;

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// The largest integer that is at most x, element-wise. PyTorch's `floor`. The gradient is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.5]).floor(), Tensor::from([1.0, -2.0]));
    /// ```
    fn floor() by FloorBackward, saving nothing:
        FloatMap::Floor,
        NumberMap::Zero;

    /// The smallest integer that is at least x, element-wise. PyTorch's `ceil`. The gradient is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.5, -1.5]).ceil(), Tensor::from([2.0, -1.0]));
    /// ```
    fn ceil() by CeilBackward, saving nothing:
        FloatMap::Ceil,
        NumberMap::Zero;

    /// The nearest integer, element-wise; ties go to the even one. PyTorch's `round`. The gradient is
    /// 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.5, 1.5, 2.5, -2.6]).round(), Tensor::from([0.0, 2.0, 2.0, -3.0]));
    /// ```
    fn round() by RoundBackward, saving nothing:
        FloatMap::Round,
        NumberMap::Zero;

    /// The whole part of x, element-wise, rounded towards 0. PyTorch's `trunc` and `fix`. The gradient
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

    /// x - trunc x, element-wise: the fractional part, with the sign of x. PyTorch's `frac`. The
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

/// x rounded to `decimals` digits after the point, before it where they are negative.
fn round_to<E: Float>(x: Storage<E>, decimals: i32) -> Storage<E> {
    let power = E::from_f64(10_f64.powi(decimals.saturating_abs()));
    let f = if decimals < 0 { FloatMap::RoundMultiple(power) } else { FloatMap::RoundFraction(power) };
    E::float_map(f, x)
}

impl<S, E, C, F> Tensor<S, E, Graph<C, F>>
where
    S: Shape,
    E: Float,
    C: Context,
    F: Flow<S, E>,
{
    /// The nearest number with `decimals` digits after the point, the even one of two. PyTorch's `round(decimals=..)`.
    /// Negative `decimals` round digits before the point. The gradient is 0.
    ///
    /// In: any shape. Out: the same shape.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.234, -0.55]).round_with(2), Tensor::from([1.23, -0.55]));
    /// assert_eq!(Tensor::from([1250.0, 1349.0]).round_with(-2), Tensor::from([1200.0, 1300.0]));
    /// ```
    pub fn round_with(self, decimals: i32) -> Mapped<S, E, C, F, RoundBackward<E>> {
        let (x, flow) = self.into_parts();
        let flow = Waiting::new(flow.then_as::<PerElement, _, _>(|| RoundBackward(std::marker::PhantomData)));
        Tensor::from_waiting(round_to(x, decimals), flow)
    }
}
