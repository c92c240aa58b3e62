//! Functions of one element.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

/// A function at the corners of the number line and at ordinary values.
macro_rules! each {
    ($cases:ident: $($name:ident = $method:ident($($argument:expr),*),)+) => { $(
        check!($cases, concat!(stringify!($name), "/corners"), |x: Rank1<7>| x.$method($($argument),*));
        check!($cases, concat!(stringify!($name), "/values"), |x: Rank1<16>| x.$method($($argument),*));
    )+ };
    ($cases:ident: $($name:ident)+) => {
        each!($cases: $($name = $name(),)+);
    };
}

#[test]
fn unary() {
    let mut cases = Cases::of("unary");
    exponentials(&mut cases);
    trigonometric(&mut cases);
    whole(&mut cases);
    activations(&mut cases);
    with_arguments(&mut cases);
    check!(cases, "exp/empty", |x: Rank2<2, 0>| x.exp());
    check!(cases, "sigmoid/scalar", |x: Rank0| x.sigmoid());
    cases.finish();
}

fn exponentials(cases: &mut Cases) {
    each!(cases: exp exp2 expm1 ln log2 log10 log1p sqrt rsqrt square reciprocal);
}

fn trigonometric(cases: &mut Cases) {
    each!(cases: sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc);
}

fn whole(cases: &mut Cases) {
    each!(cases: abs sign floor ceil round trunc frac);
}

fn activations(cases: &mut Cases) {
    each!(cases: sigmoid log_sigmoid silu mish gelu gelu_tanh relu6 hardsigmoid hardswish);
    check!(cases, "softsign/corners", |x: Rank1<5>| x.softsign());
    check!(cases, "softsign/values", |x: Rank1<16>| x.softsign());
}

fn with_arguments(cases: &mut Cases) {
    each! { cases:
        softplus = softplus(1.0, 20.0),
        softplus_sharp = softplus(2.0, 4.0),
        leaky_relu = leaky_relu(0.01),
        elu = elu(1.5),
        hardtanh = hardtanh(-1.0, 1.0),
        threshold = threshold(0.5, -7.0),
        clamp = clamp(-1.0, 2.5),
        clamp_reversed = clamp(1.0, -1.0),
        clamp_to_nan = clamp(E::NAN, 1.0),
        clip = clip(-3.0, 3.0),
        clamp_min = clamp_min(0.0),
        clamp_max = clamp_max(0.0),
    }
}
