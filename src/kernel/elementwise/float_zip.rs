//! The functions of two and three floats, most of them gradients: that of y comes first, then what was saved.

use super::float::{SELU_ALPHA, SELU_SCALE, mish, trunc};
use super::remainder::{floor_div, fmod, remainder};
use super::vectors::{Function, LARGE, Plan, functions};
use crate::kernel::math::arithmetic::{constant, near_end, near_start};
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::math::error_function::gelu_derivative;
use crate::kernel::math::exponential::{cosh, exp, sigmoid, sinh, softplus};
use crate::kernel::math::logarithm::ln;
use crate::kernel::math::power::pow;
use crate::kernel::math::trigonometric::{atan, cos, sin};
use crate::kernel::simd::{Mask, Vector};
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LN_10, PI, SQRT_2};

/// The angle of the point (b, a).
#[inline(always)]
fn atan2<E: Coefficients, V: Vector<E>>(a: V, b: V) -> V {
    let (y, x) = (a.abs(), b.abs());
    let steep = y.gt(x);
    let (small, large) = (V::select(steep, x, y), V::select(steep, y, x));
    // 0 / 0 is 0, and ∞ / ∞ is 1; NaN in either stays.
    let ratio = V::select(small.eq(large), constant(1.0), small / large);
    let ratio = V::select(y.eq(V::zero()).and(x.eq(V::zero())), V::zero(), ratio);
    let angle = atan(ratio);
    let angle = V::select(steep, constant::<E, V>(PI / 2.0) - angle, angle);
    // -0.0 = 0.0: its sign is found by that of 1.
    let left = constant::<E, V>(1.0).with_sign_of(b).lt(V::zero());
    V::select(left, constant::<E, V>(PI) - angle, angle).with_sign_of(a)
}

/// ln(eˡᵃ + eˡᵇ) / l, from the larger of the two.
#[inline(always)]
fn log_add_exp<E: Coefficients, V: Vector<E>>(a: V, b: V, l: V) -> V {
    let most = V::select(a.lt(b).or(b.ne(b)), b, a);
    let sum = most + softplus(-(a - b).abs() * l) / l;
    // Equal infinities have no difference.
    V::select(a.eq(b).and(a.abs().eq(constant(f64::INFINITY))), a, sum)
}

/// x / (a² + b²), and 0 where the point is the origin.
#[inline(always)]
fn over_square<E: Coefficients, V: Vector<E>>(x: V, a: V, b: V) -> V {
    let square = a * a + b * b;
    V::select(square.eq(V::zero()), V::zero(), x / square)
}

/// a + w (b - a), from the nearer end.
#[inline(always)]
fn lerp<E: Coefficients, V: Vector<E>>(w: V, a: V, b: V) -> V {
    V::select(w.abs().lt(constant(0.5)), near_start(a, b, w), near_end::<E, V>(a, b, w))
}

/// s + x s (1 - s) √(8/π) (1 + 0.134145 x²), with s = sigmoid(√(8/π) (x + 0.044715 x³)).
#[inline(always)]
fn gelu_tanh_derivative<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let (one, scale) = (constant::<E, V>(1.0), constant::<E, V>(FRAC_2_SQRT_PI * SQRT_2));
    let s = sigmoid(scale * (x + constant::<E, V>(0.044715) * x * x * x));
    let bend = x * s * (one - s);
    let derivative = one + constant::<E, V>(3.0 * 0.044715) * x * x;
    // Where s is flat, x² may have overflowed.
    V::select(bend.eq(V::zero()), s, s + bend * scale * derivative)
}

functions! {
    /// Functions of two floats.
    FloatZip<E>, zip, 2, LARGE;
    Div => |a, b| a / b;
    Pow => |a, b| pow(a, b);
    Atan2 => |a, b| atan2::<E, V>(a, b);
    LogAddExp => |a, b| log_add_exp(a, b, constant(1.0));
    LogAddExp2 => |a, b| log_add_exp(a, b, constant(LN_2));
    Fmod => |a, b| fmod(a, b);
    Remainder => |a, b| remainder(a, b);
    /// a + w (b - a) for a number w, from the nearer end, as PyTorch: exact at both.
    Lerp(w: E) => |a, b| lerp::<E, V>(w, a, b);
    Xlogy => |a, b| V::select(a.eq(V::zero()).and(b.eq(b)), V::zero(), a * ln(b));
    SeluGrad => |g, x| {
        let left = g * constant::<E, V>(SELU_SCALE * SELU_ALPHA) * exp(x);
        V::select(x.le(V::zero()), left, g * constant(SELU_SCALE))
    };
    CeluGrad(alpha: E) => |g, x| V::select(x.le(V::zero()), g * exp(x / alpha), g);
    ShrinkGrad(lambd: E) => |g, x| V::select(x.abs().le(lambd), V::zero(), g);
    /// g (1 - w).
    TimesComplement => |g, w| g * (constant::<E, V>(1.0) - w);
    /// g n p.
    Scaled(n: E) => |g, p| g * (n * p);
    ReluGrad => |g, y| V::select(y.le(V::zero()), V::zero(), g);
    OverGrad(number: E) => |g, x| -g * (number / x / x);
    SqrtGrad => |g, y| g / (y + y);
    RsqrtGrad => |g, y| g * constant(-0.5) * (y * y * y);
    SquareGrad => |g, x| g * (x + x);
    ReciprocalGrad => |g, y| -g * (y * y);
    Exp2Grad => |g, y| g * y * constant(LN_2);
    Expm1Grad => |g, y| g * (y + constant(1.0));
    Log2Grad => |g, x| g / (x * constant(LN_2));
    Log10Grad => |g, x| g / (x * constant(LN_10));
    Log1pGrad => |g, x| g / (x + constant(1.0));
    SinGrad => |g, x| g * cos(x);
    CosGrad => |g, x| g * -sin(x);
    TanGrad => |g, y| g * (constant::<E, V>(1.0) + y * y);
    AsinGrad => |g, x| g * (constant::<E, V>(1.0) / (constant::<E, V>(1.0) - x * x).sqrt());
    AcosGrad => |g, x| g * -(constant::<E, V>(1.0) / (constant::<E, V>(1.0) - x * x).sqrt());
    AtanGrad => |g, x| g / (constant::<E, V>(1.0) + x * x);
    SinhGrad => |g, x| g * cosh(x);
    CoshGrad => |g, x| g * sinh(x);
    TanhGrad => |g, y| g * (constant::<E, V>(1.0) - y * y);
    AsinhGrad => |g, x| g * (constant::<E, V>(1.0) / (x * x + constant(1.0)).sqrt());
    AcoshGrad => |g, x| g * (constant::<E, V>(1.0) / (x * x - constant(1.0)).sqrt());
    AtanhGrad => |g, x| g / (constant::<E, V>(1.0) - x * x);
    ErfGrad => |g, x| g * (constant::<E, V>(FRAC_2_SQRT_PI) * exp(-x * x));
    ErfcGrad => |g, x| g * (constant::<E, V>(-FRAC_2_SQRT_PI) * exp(-x * x));
    SigmoidGrad => |g, y| g * (constant::<E, V>(1.0) - y) * y;
    LogSigmoidGrad => |g, x| g * sigmoid(-x);
    SiluGrad => |g, x| {
        let (s, one) = (sigmoid(x), constant::<E, V>(1.0));
        g * s * (one + x * (one - s))
    };
    MishGrad => |g, x| {
        let [t, derivative] = mish::<E, V>(x);
        g * (t + x * derivative)
    };
    SoftplusGrad(beta: E, threshold: E) => |g, x| {
        let z = x * beta;
        V::select(z.gt(threshold), g, g * sigmoid(z))
    };
    GeluGrad => |g, x| g * gelu_derivative(x);
    GeluTanhGrad => |g, x| g * gelu_tanh_derivative::<E, V>(x);
    LeakyReluGrad(negative_slope: E) => |g, x| V::select(x.gt(V::zero()), g, g * negative_slope);
    EluGrad(alpha: E) => |g, x| V::select(x.le(V::zero()), g * alpha * exp(x), g);
    HardtanhGrad(min: E, max: E) => |g, x| V::select(x.le(min).or(x.ge(max)), V::zero(), g);
    HardsigmoidGrad => |g, x| V::select(x.abs().lt(constant(3.0)), g / constant(6.0), V::zero());
    HardswishGrad => |g, x| {
        let three = constant::<E, V>(3.0);
        let inside = V::select(x.lt(three), g * (x / three + constant(0.5)), g);
        V::select(x.le(-three), V::zero(), inside)
    };
    SoftsignGrad => |g, x| {
        let d = constant::<E, V>(1.0) + x.abs();
        g / (d * d)
    };
    ThresholdGrad(threshold: E) => |g, x| V::select(x.le(threshold), V::zero(), g);
}

functions! {
    /// Functions of three floats: but for the last, gradients of functions of two numbers.
    FloatZipGrad, zip_grad, 3, LARGE;
    /// For the divisor.
    Div => |g, a, b| -g * (a / b / b);
    /// For the base; 0 where the exponent is.
    PowBase => |g, a, b| {
        let derivative = b * pow(a, b - constant(1.0));
        g * V::select(b.eq(V::zero()), V::zero(), derivative)
    };
    /// For the exponent; at base 0 the limit: 0ᵇ is 0 on both sides of b > 0.
    PowExponent => |g, a, b| {
        let flat = a.eq(V::zero()).and(b.ge(V::zero()));
        V::select(flat, V::zero(), g * (pow(a, b) * ln(a)))
    };
    Atan2Y => |g, a, b| g * over_square::<E, V>(b, a, b);
    Atan2X => |g, a, b| g * over_square::<E, V>(-a, a, b);
    LogAddExp => |g, a, b| g * sigmoid(a - b);
    LogAddExp2 => |g, a, b| g * sigmoid((a - b) * constant(LN_2));
    /// For the factor; 0 where it is 0 and there is no logarithm.
    XlogyFactor => |g, a, b| V::select(a.eq(V::zero()).and(b.le(V::zero())), V::zero(), g * ln(b));
    XlogyOther => |g, a, b| g * a / b;
    /// For the divisor of a remainder that has the sign of the dividend.
    Fmod => |g, a, b| -g * trunc(a / b);
    /// For the divisor of a remainder that has its sign.
    Remainder => |g, a, b| -g * floor_div(a, b);
    /// g (b - a).
    TimesDifference => |g, a, b| g * (b - a);
    /// The same for a tensor of weights.
    Lerp => |w, a, b| lerp::<E, V>(w, a, b);
}
