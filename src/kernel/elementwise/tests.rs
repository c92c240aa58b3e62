//! Every way in which operands lie in memory, at each level, against plain loops.

use super::float_zip::{FloatZip, FloatZipGrad};
use super::function::{BinaryFunction, BinaryGradient, UnaryFunction};
use super::number::{NumberMap, NumberZip, NumberZipGrad};
use super::pointwise::Value;
use crate::element::Float;
use crate::kernel::math::Function;
use crate::kernel::simd::{Level, with_level};
use crate::storage::Storage;

fn numbers<E: Float>(len: usize, from: usize) -> Storage<E> {
    Storage::from_fn(len, |i| E::from_f64(((i * 37 + from) % 101) as f64 - 50.0))
}

fn at_each_level(f: impl Fn()) {
    for level in Level::ALL {
        with_level(level, &f);
    }
}

/// Lengths, and how often a short operand repeats.
const SIZES: [(usize, usize); 12] = [
    (0, 1),
    (1, 1),
    (1, 67),
    (3, 7),
    (3, 301),
    (16, 40),
    (63, 5),
    (128, 3),
    (129, 3),
    (257, 2),
    (70_001, 2),
    (100, 1_500),
];

fn binary<E: Float>() {
    at_each_level(|| {
        for (len, times) in SIZES {
            let (long, short) = (numbers::<E>(len * times, 3), numbers::<E>(len, 8));
            let at = |i: usize| if len == 0 { E::zero() } else { short[i % len] };
            let forward = Storage::from_fn(len * times, |i| long[i] - at(i));
            let backward = Storage::from_fn(len * times, |i| at(i) - long[i]);
            let owned = || Storage::from_slice(&long);
            assert_eq!(NumberZip::Sub.zip(owned(), short.clone()), forward, "in place, {len} {times}");
            assert_eq!(NumberZip::Sub.zip(long.clone(), short.clone()), forward, "new, {len} {times}");
            assert_eq!(NumberZip::Sub.zip(short.clone(), owned()), backward, "in place, {len} {times}");
            assert_eq!(NumberZip::Sub.zip(short.clone(), long.clone()), backward, "new, {len} {times}");
            let seven = E::from_f64(7.0);
            let number = Storage::from_fn(len * times, |i| long[i] - seven);
            assert_eq!(NumberZip::Sub.zip_value(owned(), Value::Scalar(seven)), number);
            assert_eq!(NumberZip::Sub.zip_value(long.clone(), Value::Scalar(seven)), number);
            let left = NumberZip::Sub.zip_values(Value::Scalar(seven), Value::Many(long.clone()));
            assert_eq!(left, Storage::from_fn(len * times, |i| seven - long[i]));
            // Nothing was written that another tensor holds.
            assert_eq!(long, numbers(len * times, 3));
            assert_eq!(short, numbers(len, 8));
        }
    });
}

fn gradients<E: Float>() {
    at_each_level(|| {
        for (len, times) in SIZES {
            let (g, long, short) =
                (numbers::<E>(len * times, 1), numbers::<E>(len * times, 3), numbers::<E>(len, 8));
            let (many, few) = (Value::Many(long.clone()), Value::Many(short.clone()));
            let expected = Storage::from_fn(len * times, |i| g[i] * (short[i % len] - long[i]));
            let f = FloatZipGrad::TimesDifference;
            assert_eq!(f.zip_grad(Storage::from_slice(&g), &many, &few), expected, "{len} {times}");
            assert_eq!(f.zip_grad(g.clone(), &many, &few), expected, "{len} {times}");
            let one = E::one();
            let expected = Storage::from_fn(len * times, |i| g[i] * (one - short[i % len]));
            assert_eq!(f.zip_grad(g.clone(), &few, &Value::Scalar(one)), expected, "{len} {times}");
            assert_eq!(g, numbers(len * times, 1));
        }
    });
}

#[test]
fn operands_repeat_on_either_side_in_place_and_not() {
    binary::<f32>();
    binary::<f64>();
    gradients::<f32>();
    gradients::<f64>();
}

#[test]
fn each_element_of_a_column_meets_its_row() {
    at_each_level(|| {
        for (rows, times) in
            [(0, 3), (3, 0), (1, 1), (5, 1), (7, 3), (1001, 333), (3, 2048), (2, 2049), (9, 70_001)]
        {
            let (long, column) = (numbers::<f32>(rows * times, 3), numbers::<f32>(rows, 8));
            let each = || Value::Each(column.clone(), times);
            let forward = Storage::from_fn(rows * times, |i| long[i] - column[i / times]);
            let owned = Storage::from_slice(&long);
            assert_eq!(NumberZip::Sub.zip_value(owned, each()), forward, "in place, {rows} {times}");
            assert_eq!(NumberZip::Sub.zip_value(long.clone(), each()), forward, "new, {rows} {times}");
            let backward = NumberZip::Sub.zip_values(each(), Value::Many(long.clone()));
            assert_eq!(backward, Storage::from_fn(rows * times, |i| column[i / times] - long[i]));
            let g = FloatZipGrad::TimesDifference.zip_grad(long.clone(), &Value::Scalar(1.0), &each());
            assert_eq!(g, Storage::from_fn(rows * times, |i| long[i] * (column[i / times] - 1.0)));
            assert_eq!(long, numbers(rows * times, 3));
        }
    });
}

#[test]
fn an_operand_without_elements_leaves_none() {
    let none = || Storage::<f32>::empty();
    assert_eq!(NumberZip::Add.zip(none(), numbers(3, 0)).len(), 0);
    assert_eq!(NumberZip::Add.zip(numbers(3, 0), none()).len(), 0);
    assert_eq!(NumberZip::Add.zip_value(none(), Value::Scalar(1.0)).len(), 0);
}

/// Of functions with many instructions, too, whose vectors have more lanes.
fn columns<E: Float>() {
    let of_floats = [
        FloatZip::Div,
        FloatZip::Pow,
        FloatZip::Atan2,
        FloatZip::LogAddExp,
        FloatZip::LogAddExp2,
        FloatZip::Fmod,
        FloatZip::Remainder,
        FloatZip::Xlogy,
        FloatZip::Lerp(E::from_f64(0.25)),
    ];
    at_each_level(|| {
        for (rows, times) in [(1, 64), (3, 63), (3, 64), (5, 65), (2, 127), (3, 128), (7, 333), (30, 1_000)] {
            let x = Storage::from_fn(rows * times, |i| E::from_f64((i % 97) as f64 / 8.0 + 0.125));
            let column = Storage::from_fn(rows, |i| E::from_f64((i % 5) as f64 / 4.0 + 0.5));
            let repeated = Storage::from_fn(rows * times, |i| column[i / times]);
            for f in of_floats {
                let expected = f.zip(x.clone(), repeated.clone());
                let each = || Value::Each(column.clone(), times);
                assert!(f.zip_value(x.clone(), each()) == expected, "new, {f:?} {rows} {times}");
                let owned = Storage::from_slice(&x);
                assert!(f.zip_value(owned, each()) == expected, "in place, {f:?} {rows} {times}");
                let left = f.zip(repeated.clone(), x.clone());
                assert!(f.zip_values(each(), Value::Many(x.clone())) == left, "left, {f:?} {rows} {times}");
            }
        }
    });
}

#[test]
fn a_column_stands_for_its_repetitions_in_every_function_of_floats() {
    columns::<f32>();
    columns::<f64>();
}

#[test]
fn all_lengths_and_offsets_are_written_exactly() {
    at_each_level(|| {
        for len in 0..140 {
            let x = numbers::<f32>(len, 5);
            // A function that is computed in several vectors at once, and of one element.
            let one = |a: f32, b: f32| {
                FloatZip::SiluGrad.zip(Storage::from_slice(&[a]), Storage::from_slice(&[b]))[0]
            };
            let other = numbers::<f32>(len, 60);
            let expected = Storage::from_fn(len, |i| one(x[i], other[i]));
            assert_eq!(FloatZip::SiluGrad.zip(x.clone(), other.clone()), expected, "new, {len}");
            assert_eq!(FloatZip::SiluGrad.zip(Storage::from_slice(&x), other), expected, "in place, {len}");
            let of_three = FloatZip::SiluGrad.zip_value(x.clone(), Value::Scalar(3.0));
            assert_eq!(of_three, Storage::from_fn(len, |i| one(x[i], 3.0)), "a number, {len}");
            assert_eq!(NumberMap::Neg.map(x.clone()), Storage::from_fn(len, |i| -x[i]));
            assert_eq!(NumberMap::Neg.map(Storage::from_slice(&x)), Storage::from_fn(len, |i| -x[i]));
            let y = numbers::<f64>(len, 5);
            assert_eq!(
                NumberMap::Sign.map(y.clone()),
                Storage::from_fn(len, |i| if y[i] == 0.0 { 0.0 } else { y[i].signum() })
            );
        }
    });
}

#[test]
fn integers_wrap_around_and_repeat() {
    let a = || Storage::from_slice(&[i64::MAX, 1, -5, i64::MIN]);
    let b = || Storage::from_slice(&[1, 2]);
    assert_eq!(NumberZip::Add.zip(a(), b())[..], [i64::MIN, 3, -4, i64::MIN + 2]);
    assert_eq!(NumberZip::Sub.zip(b(), a())[..], [1 - i64::MAX, 1, 6, 2_i64.wrapping_sub(i64::MIN)]);
    assert_eq!(NumberMap::Abs.map(a())[..], [i64::MAX, 1, 5, i64::MIN]);
    assert_eq!(
        NumberZipGrad::Maximum.zip_grad(a(), &Value::Many(a()), &Value::Scalar(1))[..],
        [i64::MAX, 0, 0, 0]
    );
}

/// The inverse hyperbolic functions, where std's formulas lose their digits or overflow, beside their limits.
#[test]
fn inverse_hyperbolic_functions_hold_at_the_ends_of_their_domains() {
    fn of<E: Float>(f: Function, x: f64) -> f64 {
        f.map(Storage::from_slice(&[E::from_f64(x)]))[0].as_f64()
    }
    at_each_level(|| {
        for (f, x, y) in [
            (Function::Atanh, -0.999_999_940_395_355_2, -8.664_339_75),
            (Function::Atanh, 1e-20, 1e-20),
            (Function::Asinh, f32::MAX.into(), 89.415_986_23),
            (Function::Asinh, -1e-20, -1e-20),
            (Function::Acosh, f32::MAX.into(), 89.415_986_23),
            (Function::Acosh, 1.000_000_119_209_289_6, 4.882_812_45e-4),
        ] {
            for got in [of::<f32>(f, x), of::<f64>(f, x)] {
                assert!((got - y).abs() <= 3e-7 * y.abs(), "{f:?} {x}: {got}, not {y}");
            }
        }
        for x in [-39.9, -1.0, 0.0, 0.999_999_9] {
            assert!(of::<f32>(Function::Acosh, x).is_nan() && of::<f64>(Function::Acosh, x).is_nan(), "{x}");
        }
        assert!((of::<f64>(Function::Asinh, f64::MAX) - 710.475_860_073_943_9).abs() < 1e-12);
        assert_eq!(of::<f64>(Function::Atanh, 1.0), f64::INFINITY);
    });
}

/// atan2 in all octants, with its zeros and infinities, beside std's.
#[test]
fn angles_are_those_of_std() {
    let points = [0.0, -0.0, 1.0, -1.0, 0.3, -7.5, 1e30, -1e-30, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    at_each_level(|| {
        for y in points {
            for x in points {
                let got = FloatZip::Atan2.zip(Storage::from_slice(&[y]), Storage::from_slice(&[x]))[0];
                let expected = y.atan2(x);
                assert!(
                    (got - expected).abs() <= 1e-15 * expected.abs()
                        && got.is_sign_negative() == expected.is_sign_negative()
                        || got.is_nan() && expected.is_nan(),
                    "atan2({y}, {x}): {got}, not {expected}"
                );
            }
        }
    });
}
