//! Functions of two operands that are not operators: powers, angles, remainders, extremes.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

/// A function at several pairs of shapes, and at the corners of the number line.
macro_rules! each {
    ($cases:ident: $($name:ident)+) => { $(
        check!($cases, concat!(stringify!($name), "/equal"), |a: Rank2<2, 3>, b: Rank2<2, 3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/leading_axis"), |a: Rank2<2, 3>, b: Rank1<3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/longer_right"), |a: Rank1<3>, b: Rank2<2, 3>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/stretched"), |a: Rank2<2, 3>, b: Rank2<2, 1>| a.$name(b.expand()));
        check!($cases, concat!(stringify!($name), "/corners"), |a: Rank1<13>, b: Rank1<13>| a.$name(b));
        check!($cases, concat!(stringify!($name), "/corners_exchanged"), |a: Rank1<13>, b: Rank1<13>| a.$name(b));
    )+ };
}

#[test]
fn pairs() {
    let mut cases = Cases::of("pairs");
    shapes(&mut cases);
    corners(&mut cases);
    powers(&mut cases);
    lerp(&mut cases);
    cases.finish();
}

fn shapes(cases: &mut Cases) {
    each!(cases: pow atan2 fmod remainder maximum minimum);
}

fn corners(cases: &mut Cases) {
    check!(cases, "fmod/signs", |a: Rank1<6>, b: Rank1<6>| a.fmod(b));
    check!(cases, "remainder/signs", |a: Rank1<6>, b: Rank1<6>| a.remainder(b));
    check!(cases, "fmod/number", |a: Rank1<13>| a.fmod(2.0));
    check!(cases, "remainder/number", |a: Rank1<13>| a.remainder(2.0));
    check!(cases, "maximum/ties", |a: Rank1<3>, b: Rank1<3>| a.maximum(b));
    check!(cases, "minimum/ties", |a: Rank1<3>, b: Rank1<3>| a.minimum(b));
}

fn powers(cases: &mut Cases) {
    check!(cases, "powf/2.0", |x: Rank1<13>| x.powf(2.0));
    check!(cases, "powf/0.5", |x: Rank1<13>| x.powf(0.5));
    check!(cases, "powf/0.0", |x: Rank1<13>| x.powf(0.0));
    check!(cases, "powf/-1.5", |x: Rank1<13>| x.powf(-1.5));
    check!(cases, "powf/3.0", |x: Rank1<13>| x.powf(3.0));
    check!(cases, "pow/number", |x: Rank1<3>| x.pow(2.5));
}

fn lerp(cases: &mut Cases) {
    check!(cases, "lerp/number", |a: Rank2<2, 3>, b: Rank2<2, 3>| a.lerp(b, 0.25));
    check!(cases, "lerp/number_large", |a: Rank2<2, 3>, b: Rank1<3>| a.lerp(b, 0.75));
    check!(cases, "lerp/weights", |a: Rank2<2, 3>, b: Rank2<2, 3>, w: Rank2<2, 3>| a.lerp(b, w));
    check!(cases, "lerp/corners", |a: Rank1<5>, b: Rank1<5>, w: Rank1<5>| a.lerp(b, w));
}
