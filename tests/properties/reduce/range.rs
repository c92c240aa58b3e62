//! Squares of large and of small numbers leave the range; deviations and norms do not.

use crate::support::range::{at_scales, near};
use typegrad::prelude::*;

macro_rules! of_scale {
    ($e:ty, $k:expr) => {{
        let k: $e = $k;
        let scale = f64::from(k);
        // Deviations and norms, along each axis.
        let column = || Param::new(Tensor::<Rank2<2, 1>, $e>::from([[k], [3.0 * k]]));
        for f in [
            (|p: &Param<_, $e>| p.track().std_axis::<0>().sum().backward())
                as fn(&Param<Rank2<2, 1>, $e>) -> $e,
            |p| p.track().std_keepdim::<0>().sum().backward(),
            |p| p.track().std_axes::<Axes2<0, 1>>().sum().backward(),
            |p| p.track().std().backward(),
        ] {
            let p = column();
            near([f(&p)], &[2.0_f64.sqrt()], scale);
            near(p.grad().unwrap().to_vec(), &[-0.5_f64.sqrt(), 0.5_f64.sqrt()], 1.0);
        }
        for (p, norm) in
            [(2.0, 10.0_f64.sqrt()), (3.0, 28.0_f64.cbrt()), (0.5, (1.0 + 3.0_f64.sqrt()).powi(2))]
        {
            let power = |x: f64| (x / norm).powf(p - 1.0);
            let x = column();
            near([x.track().norm_axis_with::<0>(p).sum().backward()], &[norm], scale);
            near(x.grad().unwrap().to_vec(), &[power(1.0), power(3.0)], 1.0);
        }
    }};
}

at_scales!(of_scale: squares_of_f32_may_leave_the_range, squares_of_f64_may_leave_the_range);

/// A norm with p < 1 rises without bound beside an infinity, but for what is 0.
#[test]
fn the_gradient_beside_an_infinity_depends_on_p() {
    let inf = f64::INFINITY;
    for (p, gradient) in [(0.5, inf), (1.0, 1.0), (2.0, 0.0), (3.0, 0.0)] {
        let x = Param::new(Tensor::from([inf, 2.0, -3.0, 0.0]));
        x.track().norm_with(p).backward();
        let grad = x.grad().unwrap().to_vec();
        assert_eq!(grad[1..3], [gradient, -gradient], "{p}");
        assert!(grad[3] == 0.0, "{p}: {grad:?}");
    }
}

/// Subnormal elements, whose reciprocals are infinite, with the few digits that they have.
#[test]
fn norms_of_subnormal_elements_are_finite() {
    for p in [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, f64::INFINITY] {
        let got = [
            Tensor::from([3e-310, -3e-310, 0.0]).norm_with(p).item() / 3e-310,
            f64::from(Tensor::from([3e-42_f32, -3e-42, 0.0]).norm_with(p).item()) / f64::from(3e-42_f32),
            Tensor::from([[3e-310, -3e-310, 0.0]]).norm_axis_with::<-1>(p).to_vec()[0] / 3e-310,
        ];
        let want = if p.is_infinite() { 1.0 } else { 2_f64.powf(1.0 / p) };
        assert!(got.iter().all(|got| (got - want).abs() < 1e-3), "{p}: {got:?}, not {want}");
    }
}

#[test]
fn deviations_and_norms_stay_in_the_range() {
    let x = Param::new(Tensor::from([[1e20_f32], [3e20]]));
    let y = x.track().std_axis::<0>();
    assert!((y.value().to_vec()[0] - 1.414_213_6e20).abs() < 1e15);
    y.sum().backward();
    let grad = x.grad().unwrap().to_vec();
    assert!((grad[0] + 0.707_106_77).abs() < 1e-6 && (grad[1] - 0.707_106_77).abs() < 1e-6);
    for k in [1e20_f32, 1e-25] {
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm().item() / k - 5.0).abs() < 1e-5);
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm_with(3.0).item() / k - 91.0_f32.cbrt()).abs() < 1e-5);
    }
    for k in [1e200_f64, 1e-200, 3e307, 1e-305] {
        assert!((Tensor::from([3.0 * k, 4.0 * k]).norm().item() / k - 5.0).abs() < 1e-14);
        let x = Param::new(Tensor::from([k, 3.0 * k]));
        assert!((x.track().std().backward() / k - 2.0_f64.sqrt()).abs() < 1e-14);
        let grad = x.grad().unwrap().to_vec();
        assert!(
            (grad[0] + 0.5_f64.sqrt()).abs() < 1e-14 && (grad[1] - 0.5_f64.sqrt()).abs() < 1e-14,
            "{grad:?}"
        );
    }
    // The square is in the range of f32 where it is asked for.
    assert_eq!(Tensor::from([1e20_f32, 3e20]).var().item(), f32::INFINITY);
}
