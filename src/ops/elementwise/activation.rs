//! The activation functions except `relu`. Each formula is written so that no intermediate result overflows.

use crate::element::Float;
use crate::kernel::elementwise::float::FloatMap;
use crate::kernel::elementwise::float_zip::FloatZip;
use crate::kernel::elementwise::number::NumberMap;
use crate::kernel::math::Function;
use crate::ops::support::unary::unary;

#[track_caller]
fn in_order<E: Float>(min: E, max: E) -> NumberMap<E> {
    let reversed = min > max;
    assert!(!reversed, "hardtanh: min must not be larger than max, but they are {min:?} and {max:?}");
    NumberMap::Clamp(min, max)
}

#[track_caller]
fn not_zero<E: Float>(alpha: E) -> E {
    assert!(alpha != E::zero(), "celu: alpha must not be 0");
    alpha
}

#[track_caller]
fn not_negative<E: Float>(lambd: E) -> E {
    assert!(lambd >= E::zero(), "softshrink: lambd must be at least 0, got {lambd:?}");
    lambd
}

unary! { Float, self: // used once: write `x.shared(|x| ..)`, or take `x.value()` before if no gradient is to flow
    /// 1 / (1 + e⁻ˣ), element-wise. PyTorch's `sigmoid`. dL/dx = y (1 - y) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).sigmoid(), Tensor::from([0.5, 0.0, 1.0]));
    /// ```
    fn sigmoid() by SigmoidBackward, saving y, giving OfSigmoid:
        Function::Sigmoid,
        FloatZip::SigmoidGrad;

    /// ln(1 / (1 + e⁻ˣ)), element-wise. PyTorch's `logsigmoid`. dL/dx = sigmoid(-x) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-1e9, 1e9]).log_sigmoid(), Tensor::from([-1e9, 0.0]));
    /// ```
    #[doc(alias = "logsigmoid")]
    fn log_sigmoid() by LogSigmoidBackward, saving x:
        FloatMap::LogSigmoid,
        FloatZip::LogSigmoidGrad;

    /// x sigmoid(x), element-wise, also called swish. PyTorch's `silu`.
    /// dL/dx = s (1 + x (1 - s)) dL/dy, where s = sigmoid(x).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).silu(), Tensor::from([0.0, 0.0, 1e9]));
    /// ```
    #[doc(alias = "swish")]
    fn silu() by SiluBackward, saving x:
        Function::Silu,
        FloatZip::SiluGrad;

    /// x tanh(ln(1 + eˣ)), element-wise. PyTorch's `mish`.
    /// dL/dx = (t + x s (1 - t²)) dL/dy, where t = tanh(ln(1 + eˣ)) and s = sigmoid(x).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).mish(), Tensor::from([0.0, 0.0, 1e9]));
    /// ```
    fn mish() by MishBackward, saving x:
        FloatMap::Mish,
        FloatZip::MishGrad;

    /// ln(1 + exp(βx)) / β, element-wise, but x itself where βx is more than `threshold`. PyTorch's
    /// `softplus`, where by default β is 1 and the threshold 20. dL/dx = sigmoid(βx) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-1e9, 1e9]).softplus(1.0, 20.0), Tensor::from([0.0, 1e9]));
    /// ```
    fn softplus(beta, threshold) by SoftplusBackward, saving x:
        FloatMap::Softplus(beta, threshold),
        FloatZip::SoftplusGrad(beta, threshold);

    /// x Φ(x), element-wise, where Φ is the distribution function of the standard normal distribution.
    /// PyTorch's `gelu`. dL/dx = (Φ(x) + x exp(-x²/2) / √(2π)) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).gelu(), Tensor::from([0.0, 0.0, 1e9]));
    /// ```
    fn gelu() by GeluBackward, saving x:
        Function::Gelu,
        FloatZip::GeluGrad;

    /// x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³), element-wise, which is almost
    /// [`gelu`](Self::gelu). PyTorch's `gelu` with `approximate="tanh"`. Computed as x s with s =
    /// sigmoid(2u), so that dL/dx = (s + x s (1 - s) √(8/π) (1 + 0.134145 x²)) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, -1e9, 1e9]).gelu_tanh(), Tensor::from([0.0, 0.0, 1e9]));
    /// ```
    fn gelu_tanh() by GeluTanhBackward, saving x:
        Function::GeluTanh,
        FloatZip::GeluTanhGrad;

    /// x where x is positive, else `negative_slope` x, element-wise. PyTorch's `leaky_relu`, where it is by default
    /// 0.01. The gradient at 0 is `negative_slope`.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([2.0, -2.0]).leaky_relu(0.25), Tensor::from([2.0, -0.5]));
    /// ```
    fn leaky_relu(negative_slope) by LeakyReluBackward, saving x:
        FloatMap::LeakyRelu(negative_slope),
        FloatZip::LeakyReluGrad(negative_slope);

    /// x where x is positive, else `alpha` (eˣ - 1), element-wise. PyTorch's `elu`, where α is 1 by
    /// default. dL/dx = dL/dy where x is positive, else α eˣ dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([2.0, f64::NEG_INFINITY]).elu(1.0), Tensor::from([2.0, -1.0]));
    /// ```
    fn elu(alpha) by EluBackward, saving x:
        FloatMap::Elu(alpha),
        FloatZip::EluGrad(alpha);

    /// min(max(x, `min`), `max`), element-wise. PyTorch's `hardtanh`, where the bounds are -1 and 1 by
    /// default. The gradient at the bounds is 0; at NaN it passes, unlike that of
    /// [`clamp`](Self::clamp).
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5]).hardtanh(-1.0, 1.0), Tensor::from([-1.0, 0.5]));
    /// ```
    ///
    /// # Panics
    /// If `min` is larger than `max`.
    #[track_caller]
    fn hardtanh(min, max) by HardtanhBackward, saving x:
        in_order(min, max),
        FloatZip::HardtanhGrad(min, max);

    /// min(max(x, 0), 6), element-wise. PyTorch's `relu6`. The gradient at 0 and at 6 is 0.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 3.0, 8.0]).relu6(), Tensor::from([0.0, 3.0, 6.0]));
    /// ```
    fn relu6() by Relu6Backward, saving x:
        NumberMap::Clamp(E::zero(), E::from_f64(6.0)),
        FloatZip::HardtanhGrad(E::zero(), E::from_f64(6.0));

    /// min(max(x + 3, 0), 6) / 6, element-wise. PyTorch's `hardsigmoid`. The gradient is 1/6 between -3
    /// and 3, and 0 from there on.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-4.0, 0.0, 4.0]).hardsigmoid(), Tensor::from([0.0, 0.5, 1.0]));
    /// ```
    fn hardsigmoid() by HardsigmoidBackward, saving x:
        FloatMap::Hardsigmoid,
        FloatZip::HardsigmoidGrad;

    /// x hardsigmoid(x), element-wise. PyTorch's `hardswish`. dL/dx = (x/3 + 1/2) dL/dy between -3 and
    /// 3; from there on it is 0 on the left and dL/dy on the right.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-4.0, 3.0, 4.0]).hardswish(), Tensor::from([0.0, 3.0, 4.0]));
    /// ```
    fn hardswish() by HardswishBackward, saving x:
        FloatMap::Hardswish,
        FloatZip::HardswishGrad;

    /// x / (1 + |x|), element-wise. PyTorch's `softsign`. dL/dx = dL/dy / (1 + |x|)².
    ///
    /// At ±∞ the value is NaN, as in PyTorch.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([1.0, -3.0]).softsign(), Tensor::from([0.5, -0.75]));
    /// ```
    fn softsign() by SoftsignBackward, saving x:
        FloatMap::Softsign,
        FloatZip::SoftsignGrad;

    /// x where x is more than `threshold`, else `value`, element-wise. PyTorch's `threshold`. The
    /// gradient passes where x did, and is 0 elsewhere.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 1.0, 2.0]).threshold(1.0, 9.0), Tensor::from([9.0, 9.0, 2.0]));
    /// ```
    fn threshold(threshold, value) by ThresholdBackward, saving x:
        FloatMap::Threshold(threshold, value),
        FloatZip::ThresholdGrad(threshold);

    /// s x where x is positive, else s α (eˣ - 1), element-wise, with the constants s = 1.0507.. and α = 1.6733.. that
    /// keep the mean 0 and the variance 1. PyTorch's `selu`. dL/dx = s dL/dy where x is positive, else s α eˣ dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([0.0, f64::INFINITY]).selu(), Tensor::from([0.0, f64::INFINITY]));
    /// ```
    fn selu() by SeluBackward, saving x:
        FloatMap::Selu,
        FloatZip::SeluGrad;

    /// x where x is positive, else `alpha` (exp(x / `alpha`) - 1), element-wise. PyTorch's `celu`, where α is 1 by
    /// default. dL/dx = dL/dy where x is positive, else exp(x / α) dL/dy.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([2.0, f64::NEG_INFINITY]).celu(0.5), Tensor::from([2.0, -0.5]));
    /// ```
    ///
    /// # Panics
    /// If `alpha` is 0.
    #[track_caller]
    fn celu(alpha) by CeluBackward, saving x:
        FloatMap::Celu(not_zero(alpha)),
        FloatZip::CeluGrad(alpha);

    /// x where |x| is more than `lambd`, else 0, element-wise. PyTorch's `hardshrink`, where λ is 0.5 by default. The
    /// gradient passes where x did.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5, 0.75]).hardshrink(0.5), Tensor::from([-2.0, 0.0, 0.75]));
    /// ```
    fn hardshrink(lambd) by HardshrinkBackward, saving x:
        FloatMap::Hardshrink(lambd),
        FloatZip::ShrinkGrad(lambd);

    /// x moved towards 0 by `lambd`, and 0 where |x| is at most that, element-wise. PyTorch's `softshrink`, where λ is
    /// 0.5 by default. The gradient passes where |x| is more than λ.
    ///
    /// ```
    /// use typegrad::prelude::*;
    /// assert_eq!(Tensor::from([-2.0, 0.5, 0.75]).softshrink(0.5), Tensor::from([-1.5, 0.0, 0.25]));
    /// ```
    ///
    /// # Panics
    /// If `lambd` is negative or NaN.
    #[track_caller]
    fn softshrink(lambd) by SoftshrinkBackward, saving x:
        FloatMap::Softshrink(not_negative(lambd)),
        FloatZip::ShrinkGrad(lambd);
}
