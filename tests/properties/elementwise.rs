//! Element-wise operations: with two operands, for shapes that are equal and for those that are repeated
//! along leading axes or along axes of size 1, and with one operand.

use crate::{cases, close, first};
use proptest::collection::vec;
use proptest::prelude::*;
use typegrad::gradcheck;
use typegrad::prelude::*;

/// Where the element of a tensor of these `sizes` is that the element `flat` of the result is computed from: axes
/// are aligned at the back, and one of size 1 has the same element everywhere.
fn place(mut flat: usize, result: &[usize], sizes: &[usize]) -> usize {
    let (mut place, mut stride) = (0, 1);
    for (i, size) in result.iter().rev().enumerate() {
        if let Some(own) = sizes.iter().rev().nth(i) {
            place += flat % size % own * stride;
            stride *= own;
        }
        flat /= size;
    }
    place
}

/// The definition: a loop over the elements of the result.
fn naive<A: Shape, B: Shape, T: Shape>(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let at = |i, sizes: &[usize]| place(i, T::SIZES, sizes);
    (0..T::NUMEL).map(|i| f(a[at(i, A::SIZES)], b[at(i, B::SIZES)])).collect()
}

/// n/2 and a little, so that no two of them are almost equal that are not of the same n.
fn halves() -> impl Strategy<Value = f64> {
    (-6..6_i32, -0.1..0.1).prop_map(|(n, more)| f64::from(n) * 0.5 + more)
}

/// Between the [`halves`].
fn quarters() -> impl Strategy<Value = f64> {
    halves().prop_map(|x| x + 0.25)
}

/// Not near 0, of both signs.
fn not_zero() -> impl Strategy<Value = f64> {
    (0.5..2.0, any::<bool>()).prop_map(|(x, negative): (f64, _)| if negative { -x } else { x })
}

/// Integers and about a half: no multiple of a [`divisor`].
fn dividend() -> impl Strategy<Value = f64> {
    (-8..8_i32, -0.1..0.1).prop_map(|(n, more)| f64::from(n) + 0.5 + more)
}

fn divisor() -> impl Strategy<Value = f64> {
    (prop::sample::select(vec![2.0, 3.0, -2.0, -4.0]), -0.005..0.005).prop_map(|(n, more)| n + more)
}

/// Tests that name the numbers of either side, the operation, and what it is of two numbers.
macro_rules! agrees {
    ($($name:ident: $left:expr, $right:expr; |$a:ident, $b:ident| $ours:expr, $naive:expr;)+) => { $(
        #[test]
        fn $name() {
            let numbers = (vec($left, 12), vec($right, 12), vec(-2.0..2.0, 12));
            proptest!(cases(16), |((a, b, w) in numbers)| {
                agrees!(@shapes Rank2<2, 3>, Rank2<2, 3>, Rank2<2, 3>; a, b, w, |$a, $b| $ours, $naive);
                agrees!(@shapes Rank3<2, 2, 3>, Rank1<3>, Rank3<2, 2, 3>; a, b, w, |$a, $b| $ours, $naive);
                agrees!(@shapes Rank1<3>, Rank3<2, 2, 3>, Rank3<2, 2, 3>; a, b, w, |$a, $b| $ours, $naive);
                agrees!(@shapes Rank2<3, 1>, Rank0, Rank2<3, 1>; a, b, w, |$a, $b| $ours, $naive);
            });
        }
    )+ };
    (@shapes $A:ty, $B:ty, $T:ty; $x:ident, $y:ident, $w:ident, |$a:ident, $b:ident| $ours:expr, $naive:expr) => {{
        let (x, y, w) = (first::<$A>(&$x), first::<$B>(&$y), first::<$T>(&$w));
        let ($a, $b) = (x.clone(), y.clone());
        close::<$T>(&$ours, &naive::<$A, $B, $T>(&$x, &$y, $naive))?;
        prop_assert_eq!(gradcheck((x, y), |($a, $b)| ($ours * w.clone()).sum()), Ok(()));
    }};
}

agrees! {
    add: -2.0..2.0, -2.0..2.0; |a, b| a + b, |a, b| a + b;
    sub: -2.0..2.0, -2.0..2.0; |a, b| a - b, |a, b| a - b;
    mul: -2.0..2.0, -2.0..2.0; |a, b| a * b, |a, b| a * b;
    div: -2.0..2.0, not_zero(); |a, b| a / b, |a, b| a / b;
    pow: 0.5..2.0, -2.0..2.0; |a, b| a.pow(b), f64::powf;
    atan2: not_zero(), -2.0..2.0; |a, b| a.atan2(b), f64::atan2;
    maximum: halves(), quarters(); |a, b| a.maximum(b), f64::max;
    minimum: halves(), quarters(); |a, b| a.minimum(b), f64::min;
    fmod: dividend(), divisor(); |a, b| a.fmod(b), |a, b| a - (a / b).trunc() * b;
    remainder: dividend(), divisor(); |a, b| a.remainder(b), |a, b| a - (a / b).floor() * b;
    lerp_by_a_number: -2.0..2.0, -2.0..2.0; |a, b| a.lerp(b, 0.3), |a, b| a + 0.3 * (b - a);
}

/// As above, where the right side has axes of size 1 that are stretched.
macro_rules! stretches {
    ($($name:ident: $A:ty, $B:ty;)+) => { $(
        #[test]
        fn $name() {
            let numbers = (vec(-2.0..2.0, 24), vec(not_zero(), 12), vec(-2.0..2.0, 24));
            proptest!(cases(12), |((a, b, w) in numbers)| {
                let (x, y, w) = (first::<$A>(&a), first::<$B>(&b), first::<$A>(&w));
                let both = |f: fn(f64, f64) -> f64| naive::<$A, $B, $A>(&a, &b, f);
                close(&(x.clone() + y.clone().expand()), &both(|a, b| a + b))?;
                close(&(x.clone() - y.clone().expand()), &both(|a, b| a - b))?;
                close(&(x.clone() * y.clone().expand()), &both(|a, b| a * b))?;
                close(&(x.clone() / y.clone().expand()), &both(|a, b| a / b))?;
                close(&(y.clone().expand() - x.clone()), &both(|a, b| b - a))?;
                close(&y.clone().broadcast_to::<$A>(), &both(|_, b| b))?;
                let check = gradcheck((x, y), |(x, y)| {
                    let inside = (x - y.clone().expand()) / y.clone().expand();
                    (y.clone().expand() * inside * y.broadcast_to::<$A>() * w.clone()).sum()
                });
                prop_assert_eq!(check, Ok(()));
            });
        }
    )+ };
}

stretches! {
    a_column_is_stretched: Rank2<3, 4>, Rank2<3, 1>;
    a_row_is_stretched: Rank2<3, 4>, Rank2<1, 4>;
    two_axes_are_stretched: Rank3<2, 3, 2>, Rank3<1, 3, 1>;
    nothing_is_stretched: Rank2<2, 2>, Rank2<2, 2>;
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn broadcast_to_may_add_axes_in_front(x in vec(-2.0..2.0, 3), w in vec(-2.0..2.0, 12)) {
        type T = Rank3<2, 3, 2>;
        let (x, w) = (first::<Rank2<3, 1>>(&x), first::<T>(&w));
        let want = naive::<Rank2<3, 1>, Rank0, T>(x.as_slice(), &[0.0], |x, _| x);
        close(&x.clone().broadcast_to::<T>(), &want)?;
        prop_assert_eq!(gradcheck(x, |x| (x.broadcast_to::<T>() * w.clone()).powi(2).sum()), Ok(()));
    }

    #[test]
    fn numbers_stand_on_either_side(x in vec(not_zero(), 6), n in not_zero()) {
        let x = first::<Rank2<2, 3>>(&x);
        let of = |f: &dyn Fn(f64) -> f64| x.to_vec().into_iter().map(f).collect::<Vec<_>>();
        close(&(x.clone() + n), &of(&|x| x + n))?;
        close(&(n - x.clone()), &of(&|x| n - x))?;
        close(&(n * x.clone()), &of(&|x| n * x))?;
        close(&(x.clone() / n), &of(&|x| x / n))?;
        close(&(n / x.clone()), &of(&|x| n / x))?;
        close(&-x.clone(), &of(&|x| -x))?;
        close(&x.clone().powi(3), &of(&|x| x * x * x))?;
        close(&x.clone().powi(-2), &of(&|x| 1.0 / (x * x)))?;
        close(&x.clone().square().powf(1.5), &of(&|x| x.abs().powi(3)))?;
        let check = gradcheck(x.clone(), |x| ((n + x.clone()) * (x.clone() - n) / n + (n - x.clone()) * (-x)).powi(2).sum());
        prop_assert_eq!(check, Ok(()));
        let check = gradcheck(x, |x| (n / x.clone() + x.clone().powi(3) * x.clone().powi(-2) + x.square().powf(1.5)).sum());
        prop_assert_eq!(check, Ok(()));
    }

    #[test]
    fn lerp_has_a_gradient_for_each_of_its_operands(x in vec(-2.0..2.0, 15)) {
        type S = Rank2<2, 3>;
        let (a, w, b) = (first::<S>(&x), first::<S>(&x[6..]), first::<Rank1<3>>(&x[12..]));
        let want: Vec<_> = (0..6).map(|i| x[i] + x[6 + i] * (x[12 + i % 3] - x[i])).collect();
        close(&a.clone().lerp(b.clone(), w.clone()), &want)?;
        prop_assert_eq!(gradcheck((a, b, w), |(a, b, w)| a.lerp(b, w).powi(2).sum()), Ok(()));
    }

    #[test]
    fn a_mask_chooses(x in vec(-2.0..2.0, 9), mask in vec(any::<bool>(), 6), value in -2.0..2.0) {
        type S = Rank2<2, 3>;
        let (a, b) = (first::<S>(&x), first::<Rank1<3>>(&x[6..]));
        let chosen = Tensor::<S, bool>::try_from(&mask[..]).expect("six");
        let column = Tensor::<Rank1<3>, bool>::try_from(&mask[..3]).expect("three");
        let want: Vec<_> = (0..6).map(|i| if mask[i] { x[i] } else { x[6 + i % 3] }).collect();
        close(&a.clone().where_(chosen.clone(), b.clone()), &want)?;
        let want: Vec<_> = (0..6).map(|i| if mask[i % 3] { value } else { x[i] }).collect();
        close(&a.clone().masked_fill(column.clone(), value), &want)?;
        let check = gradcheck((a, b), |(a, b)| {
            let filled = a.clone().masked_fill(column.clone(), value);
            (filled * a.where_(chosen.clone(), b.clone()) * b.where_(column.clone(), value)).sum()
        });
        prop_assert_eq!(check, Ok(()));
    }

    #[test]
    fn masks_agree_with_a_loop(x in vec(-2..2_i64, 6), y in vec(-2..2_i64, 3)) {
        let a = Tensor::<Rank2<2, 3>, i64>::try_from(&x[..]).expect("six");
        let b = Tensor::<Rank1<3>, i64>::try_from(&y[..]).expect("three");
        let of = |f: &dyn Fn(i64, i64) -> bool| (0..6).map(|i| f(x[i], y[i % 3])).collect::<Vec<_>>();
        prop_assert_eq!(a.eq(&b).to_vec(), of(&|a, b| a == b));
        prop_assert_eq!(a.ne(&b).to_vec(), of(&|a, b| a != b));
        prop_assert_eq!(a.lt(&b).to_vec(), of(&|a, b| a < b));
        prop_assert_eq!(a.le(&b).to_vec(), of(&|a, b| a <= b));
        prop_assert_eq!(a.gt(&b).to_vec(), of(&|a, b| a > b));
        prop_assert_eq!(a.ge(&b).to_vec(), of(&|a, b| a >= b));
        prop_assert_eq!(a.logical_and(&b).to_vec(), of(&|a, b| a != 0 && b != 0));
        prop_assert_eq!(a.logical_or(&b).to_vec(), of(&|a, b| a != 0 || b != 0));
        prop_assert_eq!(a.logical_xor(&b).to_vec(), of(&|a, b| (a != 0) != (b != 0)));
        prop_assert_eq!(a.logical_not().to_vec(), of(&|a, _| a == 0));
    }
}

/// `x`, moved away from points where the function is not smooth.
fn away_from(x: &[f64], kinks: &[f64]) -> Vec<f64> {
    let near = |x: f64| kinks.iter().any(|k| (x - k).abs() < 0.01);
    x.iter().map(|x| if near(*x) { x + 0.03 } else { *x }).collect()
}

/// Tests that name a call, the interval of x, and the points where the function is not smooth.
macro_rules! agrees_with_differences {
    ($($name:ident: $call:ident($($arg:expr),*) in $range:expr $(, but $($kink:expr),+)?;)+) => { $(
        #[test]
        fn $name() {
            proptest!(cases(32), |(x in prop::collection::vec($range, 6), w in prop::collection::vec(-2.0..2.0, 6))| {
                let x = away_from(&x, &[$($($kink),+)?]);
                for_shape!(Rank1<6>, x, w, $call($($arg),*));
                for_shape!(Rank2<2, 3>, x, w, $call($($arg),*));
                for_shape!(Rank4<1, 3, 1, 2>, x, w, $call($($arg),*));
                for_shape!(Rank0, x[..1], w[..1], $call($($arg),*));
            });
            gradcheck(Tensor::<Rank2<0, 3>, f64>::zeros(), |x| x.$call($($arg),*).sum()).unwrap();
        }
    )+ };
}

macro_rules! for_shape {
    ($shape:ty, $x:expr, $w:expr, $call:ident($($arg:expr),*)) => {{
        let x = Tensor::<$shape, f64>::try_from(&$x[..]).unwrap();
        let w = Tensor::<$shape, f64>::try_from(&$w[..]).unwrap();
        prop_assert_eq!(gradcheck(x, |x| (x.$call($($arg),*) * w.clone()).sum()), Ok(()));
    }};
}

agrees_with_differences! {
    exp: exp() in -5.0..5.0;
    exp2: exp2() in -5.0..5.0;
    expm1: expm1() in -5.0..5.0;
    ln: ln() in 0.1..9.0;
    log2: log2() in 0.1..9.0;
    log10: log10() in 0.1..9.0;
    log1p: log1p() in -0.9..9.0;
    sqrt: sqrt() in 0.1..9.0;
    rsqrt: rsqrt() in 0.1..9.0;
    square: square() in -9.0..9.0;
    powi: powi(3) in -3.0..3.0;
    powi_below_zero: powi(-2) in 0.3..3.0;
    powf: powf(1.5) in 0.3..3.0;
    nan_to_num: nan_to_num() in -3.0..3.0;
    reciprocal_left: reciprocal() in -9.0..-0.1;
    reciprocal: reciprocal() in 0.1..9.0;
    abs: abs() in -9.0..9.0, but 0.0;
    sign: sign() in -9.0..9.0, but 0.0;
    sin: sin() in -9.0..9.0;
    cos: cos() in -9.0..9.0;
    tan: tan() in -1.4..1.4;
    asin: asin() in -0.9..0.9;
    acos: acos() in -0.9..0.9;
    atan: atan() in -9.0..9.0;
    sinh: sinh() in -5.0..5.0;
    cosh: cosh() in -5.0..5.0;
    tanh: tanh() in -5.0..5.0;
    asinh: asinh() in -9.0..9.0;
    acosh: acosh() in 1.1..9.0;
    atanh: atanh() in -0.9..0.9;
    erf: erf() in -5.0..5.0;
    erfc: erfc() in -5.0..5.0;
    floor: floor() in -1.5..1.5, but -1.0, 0.0, 1.0;
    ceil: ceil() in -1.5..1.5, but -1.0, 0.0, 1.0;
    round: round() in -1.4..1.4, but -0.5, 0.5;
    trunc: trunc() in -1.5..1.5, but -1.0, 1.0;
    frac: frac() in -1.5..1.5, but -1.0, 1.0;
    clamp: clamp(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    clip: clip(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    clamp_min: clamp_min(-1.0) in -3.0..3.0, but -1.0;
    clamp_max: clamp_max(-1.0) in -3.0..3.0, but -1.0;
    sigmoid: sigmoid() in -9.0..9.0;
    log_sigmoid: log_sigmoid() in -9.0..9.0;
    silu: silu() in -9.0..9.0;
    mish: mish() in -9.0..9.0;
    softplus: softplus(2.0, 40.0) in -9.0..9.0;
    gelu: gelu() in -5.0..5.0;
    gelu_tanh: gelu_tanh() in -5.0..5.0;
    relu: relu() in -3.0..3.0, but 0.0;
    leaky_relu: leaky_relu(0.1) in -3.0..3.0, but 0.0;
    elu: elu(0.7) in -3.0..3.0, but 0.0;
    hardtanh: hardtanh(-1.0, 2.0) in -3.0..3.0, but -1.0, 2.0;
    relu6: relu6() in -3.0..9.0, but 0.0, 6.0;
    hardsigmoid: hardsigmoid() in -5.0..5.0, but -3.0, 3.0;
    hardswish: hardswish() in -5.0..5.0, but -3.0, 3.0;
    softsign: softsign() in -5.0..5.0, but 0.0;
    threshold: threshold(1.0, -2.0) in -3.0..3.0, but 1.0;
}

#[test]
fn integers_have_an_absolute_value_a_sign_and_bounds() {
    let x = Tensor::from([-3_i64, 0, 5]);
    assert_eq!(x.clone().abs(), Tensor::from([3, 0, 5]));
    assert_eq!(x.clone().sign(), Tensor::from([-1, 0, 1]));
    assert_eq!(x.clone().clamp(-1, 4), Tensor::from([-1, 0, 4]));
    assert_eq!(x.clone().clamp_min(1), Tensor::from([1, 1, 5]));
    assert_eq!(x.clamp_max(1), Tensor::from([-3, 0, 1]));
}

#[test]
fn a_result_takes_the_memory_of_an_operand_that_nothing_else_holds() {
    let x = Tensor::from([0.5, 1.0]);
    let at = x.as_slice().as_ptr();
    let y = x.exp().gelu().round();
    assert_eq!(y.as_slice().as_ptr(), at);
    let z = y.clone().tanh();
    assert_eq!(y, Tensor::from([2.0, 3.0]));
    assert_ne!(z.as_slice().as_ptr(), at);
}

#[test]
fn a_network_may_round_and_its_parameters_then_have_the_gradient_zero() {
    let x = Param::new(Tensor::from([0.4, 2.5]));
    (x.track().round() * 5.0).sum().backward();
    assert_eq!(x.grad().unwrap(), Tensor::zeros());
}

/// Two operands and a mask of three lengths, in each order: a scalar, a matrix and all, also where PyTorch's `masked_fill`
/// takes a tensor. Values and gradients are those of operands of the shape of the result.
#[test]
fn a_mask_of_a_length_between_those_of_its_operands_repeats() {
    type All = Rank4<2, 3, 4, 5>;
    macro_rules! check {
        ($a:ty, $b:ty, $mask:ty) => {{
            let a = Param::new(Tensor::<$a, f64>::from_fn(|i| i as f64 + 1.0));
            let b = Param::new(Tensor::<$b, f64>::from_fn(|i| -(i as f64) - 1.0));
            let mask = Tensor::<$mask, bool>::from_fn(|i| i % 3 != 1);
            let g = Tensor::<All, f64>::from_fn(|i| (i * i % 17) as f64);
            let y = a.track().where_(mask.clone(), &b);
            let at = |i, sizes| place(i, All::SIZES, sizes);
            let is_a = |i| mask.as_slice()[at(i, <$mask>::SIZES)];
            let want = Tensor::<All, f64>::from_fn(|i| match is_a(i) {
                true => a.value().as_slice()[at(i, <$a>::SIZES)],
                false => b.value().as_slice()[at(i, <$b>::SIZES)],
            });
            assert_eq!(y.value(), want);
            (y * &g).sum().backward();
            let (mut da, mut db) = (vec![0.0; <$a>::NUMEL], vec![0.0; <$b>::NUMEL]);
            for (i, g) in g.as_slice().iter().enumerate() {
                if is_a(i) { da[at(i, <$a>::SIZES)] += g } else { db[at(i, <$b>::SIZES)] += g }
            }
            assert_eq!((a.grad().unwrap().to_vec(), b.grad().unwrap().to_vec()), (da, db));
        }};
    }
    check!((), All, Rank2<4, 5>);
    check!(All, (), Rank2<4, 5>);
    check!(All, Rank2<4, 5>, Rank1<5>);
    check!(Rank1<5>, All, Rank2<4, 5>);
    check!(Rank2<4, 5>, All, Rank1<5>);
    check!(Rank2<4, 5>, All, ());
    check!((), All, Rank3<3, 4, 5>);
    check!(Rank1<5>, All, All);
}
