//! Gradients that are clipped, against PyTorch.

use typegrad::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Three<E: Float> {
    a: Param<Rank2<2, 3>, E>,
    b: Param<Rank1<2>, E>,
    without: Param<Rank1<4>, E>,
}

impl<E: Float> Three<E> {
    fn with(a: [f64; 6], b: [f64; 2]) -> Self {
        let three = Three {
            a: Param::new(Tensor::zeros()),
            b: Param::new(Tensor::zeros()),
            without: Param::new(Tensor::zeros()),
        };
        let row = |x: &[f64]| x.iter().map(|&x| E::from_f64(x)).collect::<Vec<_>>();
        (three.a.track() * Tensor::<Rank2<2, 3>, E>::try_from(row(&a)).unwrap()).sum().backward();
        (three.b.track() * Tensor::<Rank1<2>, E>::try_from(row(&b)).unwrap()).sum().backward();
        three
    }

    fn grads(&self) -> Vec<f64> {
        let (a, b) = (self.a.grad().unwrap(), self.b.grad().unwrap());
        a.as_slice().iter().chain(b.as_slice()).map(|g| g.as_f64()).collect()
    }
}

/// `clip_grad_norm_` of PyTorch 2.15, three times in a row.
#[test]
fn clipping_by_norm_is_that_of_pytorch() {
    fn check<E: Float>(tolerance: f64) {
        let close = |x: f64, y: f64| assert!((x - y).abs() < tolerance, "{x} is not {y}");
        let mut three = Three::<E>::with([0.3, -0.7, 1.1, -1.3, 0.9, 0.05], [1.5, -0.25]);
        close(three.clip_grad_norm(1.0), 2.5700194551792794);
        let expected = [
            0.1167305884260258,
            -0.27237137299406017,
            0.42801215756209465,
            -0.5058325498461118,
            0.35019176527807744,
            0.019455098071004304,
            0.5836529421301291,
            -0.0972754903550215,
        ];
        three.grads().into_iter().zip(expected).for_each(|(x, y)| close(x, y));
        close(three.clip_grad_norm(1.0), 0.9999996108980385);
        close(three.clip_grad_norm(100.0), 0.9999990000006109);
        close(three.grads()[0], 0.11673051711558187);
        assert!(three.without.grad().is_none());
    }
    check::<f64>(1e-15);
    check::<f32>(1e-6);
}

/// `clip_grad_norm_(norm_type=p, error_if_nonfinite=True)` of PyTorch.
#[test]
fn clipping_by_other_norms_is_that_of_pytorch() {
    for (p, norm, first) in [
        (1.0, 6.1000000000000005, 0.04918031980650494),
        (3.0, 2.0014780740461275, 0.14988915142316694),
        (f64::INFINITY, 1.5, 0.19999986666675557),
    ] {
        let mut three = Three::<f64>::with([0.3, -0.7, 1.1, -1.3, 0.9, 0.05], [1.5, -0.25]);
        let found = three.try_clip_grad_norm(1.0, p).unwrap();
        assert!((found - norm).abs() < 1e-14, "{found} {norm}");
        assert!((three.grads()[0] - first).abs() < 1e-15, "{}", three.grads()[0]);
    }
    let mut three = Three::<f64>::with([f64::NAN, -0.7, 1.1, -1.3, 0.9, 0.05], [1.5, -0.25]);
    for p in [1.0, 2.0, f64::INFINITY] {
        let error = three.try_clip_grad_norm(1.0, p).unwrap_err();
        assert_eq!(error.to_string(), "the norm of the gradients is NaN: they are not scaled");
        assert_eq!(three.grads()[1], -0.7);
    }
}

/// As PyTorch: NaN goes everywhere, and infinity leaves zeros and NaN.
#[test]
fn clipping_by_norm_does_not_hide_nan() {
    let mut three = Three::<f32>::with([f64::NAN, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 2.0]);
    assert!(three.clip_grad_norm(1.0).is_nan());
    assert!(three.grads().iter().all(|g| g.is_nan()));
    let mut three = Three::<f32>::with([f64::INFINITY, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 2.0]);
    assert_eq!(three.clip_grad_norm(1.0), f64::INFINITY);
    assert!(three.grads()[0].is_nan());
    assert_eq!(three.grads()[6..], [0.0, 0.0]);
}

/// Gradients whose powers leave the range of `f64` are scaled by their norm, and not by 0.
#[test]
fn norms_stay_in_the_range() {
    for scale in [1e200, 1e-200, 1e300, 1.0] {
        for (p, norm) in [(2.0, 10.0), (3.0, 728.0_f64.cbrt()), (1.0, 14.0), (f64::INFINITY, 8.0)] {
            let mut three = Three::<f64>::with([0.0, 6.0 * scale, 0.0, 0.0, 0.0, 0.0], [-8.0 * scale, 0.0]);
            let got = three.try_clip_grad_norm(1.0, p).unwrap() / scale;
            assert!((got - norm).abs() < 1e-13 * norm, "{p}, {scale:e}: {got}, not {norm}");
            if scale > 1.0 {
                assert!((three.grads()[1] - 6.0 / norm).abs() < 1e-12, "{p}, {scale:e}: {:?}", three.grads());
            }
        }
    }
    let mut three = Three::<f32>::with([0.0, 1e20, 0.0, 0.0, 0.0, 0.0], [-1e20, 0.0]);
    let norm = three.try_clip_grad_norm(1.0, 20.0).unwrap();
    assert!((norm / 1e20 - 2.0_f64.powf(0.05)).abs() < 1e-6, "{norm}");
}

/// `clip_grad_value_` of PyTorch 2.15.
#[test]
fn clipping_by_value_is_that_of_pytorch() {
    let mut three = Three::<f32>::with([0.5, -4.0, f64::NAN, f64::INFINITY, 1.0, -0.0], [1.0, 2.0]);
    three.clip_grad_value(1.0);
    let grads = three.grads();
    assert!(grads[2].is_nan());
    assert_eq!((&grads[..2], &grads[3..]), (&[0.5, -1.0][..], &[1.0, 1.0, -0.0, 1.0, 1.0][..]));
}

/// PyTorch sets each gradient to -1.
#[test]
#[should_panic(expected = "clip_value must be at least 0, got -1.0")]
fn a_negative_limit_clips_nothing() {
    Three::<f32>::with([0.5; 6], [1.0, 2.0]).clip_grad_value(-1.0);
}
