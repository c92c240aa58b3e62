//! The values and gradients of `norm`.

use typegrad::gradcheck;
use typegrad::prelude::*;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

fn norm<const N: usize>(x: [f64; N], p: f64) -> (f64, Vec<f64>) {
    let x = Param::new(Tensor::<Rank1<N>, f64>::try_from(&x[..]).unwrap());
    let y = x.track().norm_with(p).backward();
    (y, x.grad().unwrap().to_vec())
}

fn same(got: (f64, Vec<f64>), want: (f64, &[f64])) {
    let equal = |a: f64, b: f64| (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-14;
    assert!(equal(got.0, want.0), "{got:?} {want:?}");
    assert!(got.1.iter().zip(want.1).all(|(a, b)| equal(*a, *b)), "{got:?} {want:?}");
}

// Values of PyTorch 2.
#[test]
fn the_values_and_gradients_are_those_of_pytorch() {
    same(norm([3., -4.], 0.5), (13.928203230275509, &[2.154700538379252, -1.8660254037844386]));
    same(norm([3., -4.], 1.), (7., &[1., -1.]));
    same(norm([3., -4.], 1.5), (5.584250376480029, &[0.7329564758289748, -0.8463452372482761]));
    same(norm([3., -4.], 2.), (5., &[0.6, -0.8]));
    same(
        norm([2., -2., 1.], 3.),
        (2.571281590658235, &[0.6050074330960554, -0.6050074330960554, 0.15125185827401386]),
    );
    same(norm([3., -4.], -1.), (1.7142857142857144, &[0.326530612244898, -0.18367346938775514]));
    same(
        norm([2., -2., 1.], -2.),
        (0.816496580927726, &[0.06804138174397717, -0.06804138174397717, 0.5443310539518174]),
    );
    same(norm([2., -2., 1.], INF), (2., &[0.5, -0.5, 0.]));
    same(norm([3., -4.], -INF), (3., &[1., 0.]));
    same(norm([0., 2., -1.], 0.), (2., &[0., 0., 0.]));
}

#[test]
fn the_gradient_at_zero_is_zero() {
    for p in [0., 0.5, 1., 1.5, 2., 3., -1., -2., INF, -INF] {
        assert_eq!(norm([0., 0.], p), (0., vec![0., 0.]), "{p}");
    }
    for p in [0.5, 1., 1.5, 2., 3., INF] {
        same(norm([0., 2.], p), (2., &[0., 1.]));
    }
    for p in [-1., -2., -INF] {
        same(norm([0., 2.], p), (0., &[0., 0.]));
    }
}

#[test]
fn nan_propagates_as_in_pytorch() {
    for p in [0.5, 1.5, 2., 3., -1., -2.] {
        same(norm([NAN, 1.], p), (NAN, &[NAN, NAN]));
    }
    same(norm([NAN, 1.], 1.), (NAN, &[0., 1.]));
    same(norm([NAN, 1.], INF), (NAN, &[0., 0.]));
    same(norm([NAN, 1.], -INF), (NAN, &[0., 0.]));
}

#[test]
fn the_gradient_agrees_with_differences_for_each_axis() {
    let x = Tensor::<Rank3<2, 3, 4>, f64>::from_fn(|i| (i as f64 * 0.7 + 0.4).sin() * 2.0 + 0.1);
    gradcheck(x.clone(), |x| x.norm()).unwrap();
    gradcheck(x.clone(), |x| x.norm_axis::<0>().powi(2).sum()).unwrap();
    for p in [0.5, 1., 1.5, 2., 3., -1., -2., INF, -INF] {
        gradcheck(x.clone(), |x| x.norm_axis_with::<1>(p).sum()).unwrap();
        gradcheck(x.clone(), |x| x.norm_axes_with::<Axes2<0, -1>>(p).powi(2).sum()).unwrap();
    }
    gradcheck(x.clone(), |x| x.norm_keepdim::<-1>().sum()).unwrap();
    gradcheck(x, |x| x.norm_axes_keepdim::<Axes2<0, 2>>().sum()).unwrap();
}

#[test]
fn the_norm_of_no_elements_is_zero() {
    assert_eq!(Tensor::<Rank2<2, 0>>::ones().norm_axis::<1>(), Tensor::from([0.0, 0.0]));
}
