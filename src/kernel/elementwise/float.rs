//! The operations of `f32` and `f64`: as vectors, without branches.

use super::float_zip::{FloatZip, FloatZipGrad, zip, zip_grad};
use super::number::{Arithmetic, NumberMap, at_least, at_most, map_plans, zip_grad_plans, zip_plans};
use super::pointwise::{self, Value};
use super::vectors::{Function, LARGE, Plan, functions};
use crate::kernel::math::arithmetic::constant;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::math::exponential::{exp, expm1, softplus};
use crate::kernel::math::{self, Elementary};
use crate::kernel::simd::{MOST_LANES, Vector};
use crate::storage::Storage;

functions! {
    /// Functions of a number that [`math`](crate::kernel::math) does not have.
    FloatMap<E>, map, 1, LARGE;
    Relu => |x| V::zero().max(x);
    Sqrt => |x| x.sqrt();
    Rsqrt => |x| constant::<E, V>(1.0) / x.sqrt();
    Square => |x| x * x;
    Cube => |x| x * x * x;
    Reciprocal => |x| constant::<E, V>(1.0) / x;
    ReciprocalSquare => |x| constant::<E, V>(1.0) / (x * x);
    Over(number: E) => |x| number / x;
    Floor => |x| floor(x);
    Ceil => |x| -floor(-x);
    Round => |x| x.round();
    /// To the nearest multiple of 1 / power.
    RoundFraction(power: E) => |x| {
        let scaled = x * power;
        rounded(x, scaled, scaled.round() / power)
    };
    /// To the nearest multiple of power.
    RoundMultiple(power: E) => |x| {
        let scaled = x / power;
        rounded(x, scaled, scaled.round() * power)
    };
    Trunc => |x| trunc(x);
    Frac => |x| x - trunc(x);
    LogSigmoid => |x| V::zero() - softplus(-x);
    Mish => |x| x * mish::<E, V>(x)[0];
    Softplus(beta: E, threshold: E) => |x| {
        let z = x * beta;
        V::select(z.gt(threshold), x, softplus(z) / beta)
    };
    LeakyRelu(negative_slope: E) => |x| V::select(x.gt(V::zero()), x, x * negative_slope);
    Elu(alpha: E) => |x| V::select(x.lt(V::zero()), alpha * expm1(x), x);
    Selu => |x| constant::<E, V>(SELU_SCALE) * V::select(x.le(V::zero()), constant::<E, V>(SELU_ALPHA) * expm1(x), x);
    Celu(alpha: E) => |x| V::select(x.le(V::zero()), alpha * expm1(x / alpha), x);
    Hardshrink(lambd: E) => |x| V::select(x.abs().le(lambd), V::zero(), x);
    Softshrink(lambd: E) => |x| {
        let y = x - lambd;
        V::select(x.abs().le(lambd), V::zero(), V::select(x.lt(V::zero()), x + lambd, y))
    };
    Hardsigmoid => |x| clamped::<E, V>(x) / constant(6.0);
    Hardswish => |x| x * clamped::<E, V>(x) / constant(6.0);
    Softsign => |x| x / (constant::<E, V>(1.0) + x.abs());
    Threshold(threshold: E, value: E) => |x| V::select(x.le(threshold), value, x);
    NanAsZero => |x| V::select(x.ne(x), V::zero(), x);
    NanToNum(nan: E, posinf: E, neginf: E) => |x| {
        let y = V::select(x.eq(constant(f64::INFINITY)), posinf, x);
        let y = V::select(x.eq(constant(f64::NEG_INFINITY)), neginf, y);
        V::select(x.ne(x), nan, y)
    };
    Gaussian(scale: E) => |x| scale * exp(-x * x);
}

/// The scale and the α of SELU, which keep the mean 0 and the variance 1.
pub(super) const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
pub(super) const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// The largest integer that is at most x.
#[inline(always)]
pub(in crate::kernel) fn floor<E: Coefficients, V: Vector<E>>(x: V) -> V {
    let nearest = x.round();
    V::select(nearest.gt(x), nearest - constant(1.0), nearest)
}

/// `y`, which was computed of `scaled` rounded; x itself where it is so large that it has no such digits.
#[inline(always)]
fn rounded<E: Coefficients, V: Vector<E>>(x: V, scaled: V, y: V) -> V {
    // Where it is rounded to 0, the power may be infinite.
    let whole = scaled.round();
    let y = V::select(whole.eq(V::zero()), whole, y);
    V::select(scaled.abs().lt(constant(f64::INFINITY)), y, x)
}

/// x rounded towards 0.
#[inline(always)]
pub(super) fn trunc<E: Coefficients, V: Vector<E>>(x: V) -> V {
    floor::<E, V>(x.abs()).with_sign_of(x)
}

/// min(max(x + 3, 0), 6).
#[inline(always)]
fn clamped<E: Coefficients, V: Vector<E>>(x: V) -> V {
    at_most::<E, V>(at_least::<E, V>(x + constant(3.0), V::zero()), constant(6.0))
}

/// t = tanh(ln(1 + eˣ)) and sigmoid(x) (1 - t²), by w = eˣ and n = w (w + 2): t = n / (n + 2).
#[inline(always)]
pub(super) fn mish<E: Coefficients, V: Vector<E>>(x: V) -> [V; 2] {
    let (one, two) = (constant::<E, V>(1.0), constant::<E, V>(2.0));
    // t is 1 long before w² overflows.
    let most = constant::<E, V>(40.0);
    let w = exp(at_most::<E, V>(x, most));
    let n = w * (w + two);
    let d = n + two;
    let derivative = constant::<E, V>(4.0) * (w / d) * ((one + w) / d);
    [n / d, V::select(x.gt(most), V::zero(), derivative)]
}

/// xⁿ by squaring, in the order of the standard library.
#[derive(Clone, Copy)]
struct Powi(i32);

impl<E: Coefficients> Function<E, 1> for Powi {
    const LONG: bool = true;
    #[inline(always)]
    fn of<V: Vector<E>>(self, [x]: [V; 1]) -> V {
        let (mut power, mut square, mut n) = (constant::<E, V>(1.0), x, self.0.unsigned_abs());
        loop {
            if n & 1 == 1 {
                power = power * square;
            }
            n /= 2;
            if n == 0 {
                break;
            }
            square = square * square;
        }
        if self.0 < 0 { constant::<E, V>(1.0) / power } else { power }
    }
}

/// Classes of floats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Class {
    Nan,
    Infinite,
    Finite,
    NotFinite,
}

/// Floats, as operands of the operations above. Compiled in this crate.
pub trait Functions: Sized {
    /// f(x) for each x, in the memory of `x` if nothing else holds it.
    #[doc(hidden)]
    fn float_map(f: FloatMap<Self>, x: Storage<Self>) -> Storage<Self>;
    /// f(x) for each x, in the memory of `x` if nothing else holds it.
    #[doc(hidden)]
    fn elementary(f: math::Function, x: Storage<Self>) -> Storage<Self>;
    /// xⁿ for each x, in the memory of `x` if nothing else holds it.
    #[doc(hidden)]
    fn powers(x: Storage<Self>, n: i32) -> Storage<Self>;
    /// f(a, b) for each pair; what is shorter repeats. In the memory of an operand, if nothing else holds it.
    #[doc(hidden)]
    fn float_zip(f: FloatZip<Self>, a: Value<Self>, b: Value<Self>) -> Storage<Self>;
    /// f(g, a, b) for each g; what is shorter repeats. In the memory of `g`, if nothing else holds it.
    #[doc(hidden)]
    fn float_zip_grad(f: FloatZipGrad, g: Storage<Self>, a: &Value<Self>, b: &Value<Self>) -> Storage<Self>;
    /// aᵇ. For a number b, the exponents for which PyTorch has a shorter way are computed in that way.
    #[doc(hidden)]
    fn power(a: Value<Self>, b: Value<Self>) -> Storage<Self>;
    /// Its gradient for `a`: g b aᵇ⁻¹, and 0 for a⁰, also where a⁻¹ is infinite.
    #[doc(hidden)]
    fn power_grad(g: Storage<Self>, a: &Value<Self>, b: &Value<Self>) -> Storage<Self>;
    /// Whether each number is of a class.
    #[doc(hidden)]
    fn of_class(class: Class, x: &[Self]) -> Storage<bool>;
}

macro_rules! impl_functions {
    ($($t:ty),*) => { $(
        impl Functions for $t {
            fn float_map(f: FloatMap<Self>, x: Storage<Self>) -> Storage<Self> {
                map_plans(x, &|plan| map(f, plan))
            }
            fn elementary(f: math::Function, x: Storage<Self>) -> Storage<Self> {
                map_plans(x, &|plan| {
                    plan.run_slices(
                        |x, y| <$t as Elementary>::map(f, x, y),
                        |x| <$t as Elementary>::map_in_place(f, x),
                    );
                })
            }
            fn powers(x: Storage<Self>, n: i32) -> Storage<Self> {
                match n {
                    1 => x,
                    2 => Self::float_map(FloatMap::Square, x),
                    3 => Self::float_map(FloatMap::Cube, x),
                    _ => map_plans(x, &|plan| plan.run(LARGE, Powi(n))),
                }
            }
            fn float_zip(f: FloatZip<Self>, a: Value<Self>, b: Value<Self>) -> Storage<Self> {
                zip_plans(a, b, MOST_LANES, &|plan| zip(f, plan))
            }
            fn float_zip_grad(
                f: FloatZipGrad,
                g: Storage<Self>,
                a: &Value<Self>,
                b: &Value<Self>,
            ) -> Storage<Self> {
                zip_grad_plans(g, a, b, &|plan| zip_grad(f, plan))
            }
            fn power(a: Value<Self>, b: Value<Self>) -> Storage<Self> {
                let (Value::Many(x), Value::Scalar(n)) = (&a, &b) else {
                    return Self::float_zip(FloatZip::Pow, a, b);
                };
                let f = match *n {
                    0.5 => FloatMap::Sqrt,
                    2.0 => FloatMap::Square,
                    3.0 => FloatMap::Cube,
                    -0.5 => FloatMap::Rsqrt,
                    -1.0 => FloatMap::Reciprocal,
                    -2.0 => FloatMap::ReciprocalSquare,
                    1.0 => return x.clone(),
                    _ => return Self::float_zip(FloatZip::Pow, a, b),
                };
                Self::float_map(f, a.into_storage())
            }
            fn power_grad(g: Storage<Self>, a: &Value<Self>, b: &Value<Self>) -> Storage<Self> {
                match *b {
                    Value::Scalar(0.0) => Self::number_map(NumberMap::Zero, g),
                    Value::Scalar(n) => {
                        let power = Self::power(a.clone(), Value::Scalar(n - 1.0));
                        Self::float_zip(FloatZip::Scaled(n), Value::Many(g), Value::Many(power))
                    }
                    _ => Self::float_zip_grad(FloatZipGrad::PowBase, g, a, b),
                }
            }
            fn of_class(class: Class, x: &[Self]) -> Storage<bool> {
                match class {
                    Class::Nan => pointwise::map_to(x, |x| x.is_nan()),
                    Class::Infinite => pointwise::map_to(x, |x| x.is_infinite()),
                    Class::Finite => pointwise::map_to(x, |x| x.is_finite()),
                    Class::NotFinite => pointwise::map_to(x, |x| !x.is_finite()),
                }
            }
        }
    )* };
}
impl_functions!(f32, f64);
