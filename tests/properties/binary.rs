//! Operations with two operands that work element by element, for shapes that are equal and for those that are
//! repeated along leading axes or along axes of size 1.

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

/// Whole numbers and about a half: no multiple of a [`divisor`].
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
        prop_assert_eq!(a.count_nonzero().item(), x.iter().filter(|x| **x != 0).count() as i64);
        prop_assert_eq!(a.all().item(), x.iter().all(|x| *x != 0));
        prop_assert_eq!(a.any().item(), x.iter().any(|x| *x != 0));
    }
}
