//! The formulas of element-wise losses: the value, and the gradients with respect to each operand.

use super::elements::{self, Formula, Job};
use crate::kernel::elementwise::number::sign;
use crate::kernel::elementwise::pointwise::at_level;
use crate::kernel::math::arithmetic::constant;
use crate::kernel::math::coefficients::Coefficients;
use crate::kernel::math::exponential::{exp, softplus_beyond};
use crate::kernel::math::logarithm::{ln, log1p};
use crate::kernel::simd::{Mask, Vector};
use std::f64::consts::TAU;

/// Where all are needed: ln(1 + eˣ), ln(1 + e⁻ˣ), 1 / (1 + e⁻ˣ) and 1 / (1 + eˣ), each with all its digits.
#[inline(always)]
fn logistic<E: Coefficients, V: Vector<E>>(x: V) -> [V; 4] {
    let e = exp(-x.abs());
    let large = constant::<E, V>(1.0) / (e + constant(1.0));
    let small = e * large;
    let negative = x.lt(V::zero());
    let beyond = softplus_beyond(e);
    // In this order NaN stays NaN.
    let [above, below] = [V::zero().max(x) + beyond, V::zero().max(-x) + beyond];
    [above, below, V::select(negative, small, large), V::select(negative, large, small)]
}

/// `x` where it is positive or NaN, 0 elsewhere.
#[inline(always)]
fn positive<E: Coefficients, V: Vector<E>>(x: V) -> V {
    V::select(x.le(V::zero()), V::zero(), x)
}

/// The cross entropy of a score x and a probability t, where the label 1 counts 1 + `more` times (`pos_weight`).
#[inline(always)]
fn bce_with_logits<E: Coefficients, V: Vector<E>>(x: V, t: V, more: V) -> [V; 4] {
    let one = constant::<E, V>(1.0);
    let [above, below, yes, no] = logistic(x);
    // Of either label its own term, without x: the sum of x and ln(1 + e⁻ˣ) has lost the digits of ln(1 + eˣ).
    let value = (one - t) * above + (more * t + t) * below;
    // With p = 1 + more: (1 - t) σ(x) - p t (1 - σ(x)), whose terms are exact where t is 0 or 1.
    let dx = (one - t) * yes - (more * t + t) * no;
    // The difference of both terms, of which one is infinite where x is.
    let target = (more + one) * below - above;
    [value, dx, target, V::zero()]
}

/// Adds Stirling's approximation of ln t! where t > 1.
#[inline(always)]
fn with_stirling<E: Coefficients, V: Vector<E>>([value, dx, target, _]: [V; 4], t: V) -> [V; 4] {
    let half = constant::<E, V>(0.5);
    let log = ln(t);
    let stirling = t * log - t + half * ln(constant::<E, V>(TAU) * t);
    let many = t.gt(constant(1.0));
    let value = V::select(many, value + stirling, value);
    [value, dx, V::select(many, target + log + half / t, target), V::zero()]
}

/// eˣ - t x.
#[inline(always)]
fn poisson_log<E: Coefficients, V: Vector<E>>(x: V, t: V) -> [V; 4] {
    let expected = exp(x);
    [expected - t * x, expected - t, -x, V::zero()]
}

/// x - t ln(x + ε).
#[inline(always)]
fn poisson<E: Coefficients, V: Vector<E>>(x: V, t: V, eps: V) -> [V; 4] {
    let log = ln(x + eps);
    [x - t * log, constant::<E, V>(1.0) - t / (x + eps), -log, V::zero()]
}

/// A table of losses: an enum of their names, and a function that computes a job. `short` is one of few instructions.
macro_rules! losses {
    ($E:ident: $($(#[$about:meta])* $name:ident $(($($arg:ident: $t:ty),+))? $($short:ident)? => |$x:ident, $y:ident, $z:ident|  $results:expr;)*) => {
        /// Element-wise losses.
        #[derive(Clone, Copy, PartialEq, Debug)]
        #[allow(missing_docs, reason = "the names are those of the losses")]
        pub enum ElementLoss<$E> {
            $($(#[$about])* $name $(($($t),+))?,)*
        }

        /// Element-wise losses of a type, compiled in this crate.
        pub trait ElementLosses: Sized {
            /// Computes a job.
            #[doc(hidden)]
            fn element_loss(loss: ElementLoss<Self>, job: &Job<'_, Self>);
            /// The first element that is not from 0 to 1.
            #[doc(hidden)]
            fn outside_of_unit(x: &[Self]) -> Option<usize>;
            /// The first element that is negative.
            #[doc(hidden)]
            fn below_zero(x: &[Self]) -> Option<usize>;
        }

        fn run<E: Coefficients>(loss: ElementLoss<E>, job: &Job<'_, E>) {
            match loss {
                $(ElementLoss::$name $(($($arg),+))? => {
                    #[derive(Clone, Copy)]
                    struct Chosen<$E> {
                        $($($arg: $t,)+)?
                        element: std::marker::PhantomData<$E>,
                    }
                    impl<E: Coefficients> Formula<E> for Chosen<E> {
                        const LONG: bool = !matches!(stringify!($($short)?).as_bytes(), b"short");
                        #[inline(always)]
                        fn of<V: Vector<E>>(self, [$x, $y, $z]: [V; 3]) -> [V; 4] {
                            $($(let $arg = V::splat(self.$arg);)+)?
                            $results
                        }
                    }
                    elements::run(job, Chosen { $($($arg,)+)? element: std::marker::PhantomData });
                })*
            }
        }
    };
}

losses! { E:
    Mse short => |x, t, _p| {
        let d = x - t;
        [d * d, d + d, -(d + d), V::zero()]
    };
    L1 short => |x, t, _p| {
        let d = x - t;
        [d.abs(), sign(d), -sign::<E, V>(d), V::zero()]
    };
    SmoothL1(beta: E) short => |x, t, _p| {
        let (d, half) = (x - t, constant::<E, V>(0.5));
        // The same for all elements.
        let over = constant::<E, V>(1.0) / beta;
        let value = V::select(d.abs().lt(beta), half * d * d * over, d.abs() - half * beta);
        // The gradient of NaN is NaN where the loss is a square.
        let far = d.abs().ge(beta).or(beta.eq(V::zero()));
        let dx = V::select(far, sign(d), d * over);
        [value, dx, -dx, V::zero()]
    };
    Huber(delta: E) short => |x, t, _p| {
        let (d, half) = (x - t, constant::<E, V>(0.5));
        let value = V::select(d.abs().le(delta), half * d * d, delta * (d.abs() - half * delta));
        let dx = V::select(d.abs().ge(delta), sign::<E, V>(d) * delta, d);
        [value, dx, -dx, V::zero()]
    };
    /// Of probabilities, with logarithms of at least -100.
    Bce => |x, t, _p| {
        let (one, floor) = (constant::<E, V>(1.0), constant::<E, V>(-100.0));
        let (no, yes) = (log1p(-x), ln(x));
        let value = (t - one) * floor.max(no) - t * floor.max(yes);
        // In PyTorch it is a number of f32, whatever the elements are.
        let least = constant::<E, V>(f64::from(1e-12_f32));
        [value, (x - t) / least.max((one - x) * x), no - yes, V::zero()]
    };
    BceWithLogits => |x, t, _p| {
        let [value, dx, ..] = bce_with_logits(x, t, V::zero());
        [value, dx, -x, V::zero()]
    };
    /// Where the label 1 counts p times (`pos_weight`).
    WeightedBceWithLogits => |x, t, p| bce_with_logits(x, t, p - constant::<E, V>(1.0));
    KlDiv => |x, t, _p| {
        let log = ln(t);
        // 0 ln 0 is 0.
        let entropy = V::select(t.eq(V::zero()), V::zero(), t * log);
        [entropy - t * x, -t, log - x + constant(1.0), V::zero()]
    };
    /// Where t is a logarithm, too.
    KlDivLog => |x, t, _p| {
        let p = exp(t);
        let value = p * (t - x);
        [value, -p, value + p, V::zero()]
    };
    /// Where x is a logarithm.
    PoissonLog => |x, t, _p| poisson_log(x, t);
    PoissonLogFull => |x, t, _p| with_stirling(poisson_log::<E, V>(x, t), t);
    Poisson(eps: E) => |x, t, _p| poisson(x, t, eps);
    PoissonFull(eps: E) => |x, t, _p| with_stirling(poisson::<E, V>(x, t, eps), t);
    /// Of a score x and a label t.
    SoftMargin => |x, t, _p| {
        let [_, value, _, share] = logistic(t * x);
        [value, -t * share, V::zero(), V::zero()]
    };
    /// Of a distance x and a label t.
    HingeEmbedding(margin: E) short => |x, t, _p| {
        let (one, missing) = (constant::<E, V>(1.0), margin - x);
        let (near, counts) = (t.gt(V::zero()), missing.gt(V::zero()));
        let dx = V::select(counts, -one, V::zero());
        [
            V::select(near, x, positive(missing)),
            V::select(near, one, dx),
            V::zero(),
            V::zero(),
        ]
    };
    /// Of a, b and a label.
    MarginRanking(margin: E) short => |a, b, label| {
        let missing = -label * (a - b) + margin;
        let dx = V::select(missing.gt(V::zero()), label, V::zero());
        [positive(missing), -dx, dx, V::zero()]
    };
    /// Of x, t and a variance.
    GaussianNll(eps: E, addend: E) => |x, t, variance| {
        let half = constant::<E, V>(0.5);
        let v = V::select(variance.lt(eps), eps, variance);
        let d = x - t;
        let dx = d / v;
        let value = half * (ln(v) + d * d / v) + addend;
        [value, dx, -dx, half * (constant::<E, V>(1.0) / v - d * d / (v * v))]
    };
}

/// The first element for which `is` holds; it is rarely true.
#[inline(always)]
fn first<E: Copy>(x: &[E], is: impl Fn(E) -> bool) -> Option<usize> {
    let any = at_level(
        #[inline(always)]
        || x.chunks(256).any(|x| x.iter().fold(false, |any, x| any | is(*x))),
    );
    any.then(|| x.iter().position(|x| is(*x))).flatten()
}

macro_rules! element_losses {
    ($($t:ty),*) => { $(
        impl ElementLosses for $t {
            fn element_loss(loss: ElementLoss<$t>, job: &Job<'_, $t>) {
                run(loss, job);
            }
            fn outside_of_unit(x: &[$t]) -> Option<usize> {
                first(x, #[inline(always)] |x| !(0.0..=1.0).contains(&x))
            }
            fn below_zero(x: &[$t]) -> Option<usize> {
                first(x, #[inline(always)] |x| x < 0.0)
            }
        }
    )* };
}
element_losses!(f32, f64);
