//! Operations with one operand: values and gradients against PyTorch's, gradients against differences.

mod gradients;
#[rustfmt::skip]
#[expect(clippy::approx_constant, reason = "the logarithm of 2 is one of the results")]
mod pytorch;

/// Tests that name a call, what it gives at the points, and the gradients there.
macro_rules! agrees {
    ($e:ident at $points:ident, within $absolute:literal: $(
        $name:ident: $call:ident($($arg:expr),*)
            $y:expr,
            $dx:expr;
    )+) => { $(
        #[test]
        fn $name() {
            use typegrad::prelude::*;
            let points: Vec<$e> = $points.iter().map(|x| *x as $e).collect();
            let x = Param::new(Tensor::<Rank1<{ $points.len() }>, $e>::try_from(points).unwrap());
            let y = x.track().$call($($arg),*);
            let values = y.to_vec().into_iter().map(f64::from).collect();
            (y * 3.0).sum().backward();
            let gradients = x.grad().unwrap().to_vec().into_iter().map(f64::from).collect();
            let relative = 16.0 * f64::from($e::EPSILON);
            crate::compare(&$points, [values, gradients], [&$y, &$dx], relative, $absolute);
        }
    )+ };
}
use agrees;

/// Values and gradients are equal, both NaN, or differ by little; values that are 0 have the same sign.
fn compare(points: &[f64], ours: [Vec<f64>; 2], expected: [&[f64]; 2], relative: f64, absolute: f64) {
    let near = |ours: f64, expected: f64| {
        ours == expected
            || ours.is_nan() && expected.is_nan()
            || (ours - expected).abs() <= relative * expected.abs() + absolute
    };
    let mut wrong = String::new();
    for (i, x) in points.iter().enumerate() {
        let [[y, dx], [y_expected, dx_expected]] = [ours.each_ref().map(|v| v[i]), expected.map(|v| v[i])];
        let sign = y != 0.0 || y.is_sign_negative() == y_expected.is_sign_negative();
        if !(near(y, y_expected) && sign) {
            wrong += &format!("at {x}: {y}, PyTorch {y_expected}\n");
        }
        if !near(dx, dx_expected) {
            wrong += &format!("gradient at {x}: {dx}, PyTorch {dx_expected}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn integers_have_an_absolute_value_a_sign_and_bounds() {
    use typegrad::prelude::*;
    let x = Tensor::from([-3_i64, 0, 5]);
    assert_eq!(x.clone().abs(), Tensor::from([3, 0, 5]));
    assert_eq!(x.clone().sign(), Tensor::from([-1, 0, 1]));
    assert_eq!(x.clone().clamp(-1, 4), Tensor::from([-1, 0, 4]));
    assert_eq!(x.clone().clamp_min(1), Tensor::from([1, 1, 5]));
    assert_eq!(x.clamp_max(1), Tensor::from([-3, 0, 1]));
}

#[test]
fn a_result_takes_the_memory_of_an_operand_that_nothing_else_holds() {
    use typegrad::prelude::*;
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
    use typegrad::prelude::*;
    let x = Param::new(Tensor::from([0.4, 2.5]));
    (x.track().round() * 5.0).sum().backward();
    assert_eq!(x.grad().unwrap(), Tensor::zeros());
}
