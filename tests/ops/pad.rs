//! The values and gradients of the paddings.

use typegrad::gradcheck;
use typegrad::prelude::*;

type X = Rank3<2, 3, 4>;

/// Element-wise, with the source of each index along one axis.
fn naive(source: impl Fn(isize, isize) -> Option<isize>) -> Tensor<Rank3<2, 6, 7>, i64> {
    Tensor::from_fn(|n| {
        let (c, i, j) = ((n / 42) as isize, (n / 7 % 6) as isize - 1, (n % 7) as isize - 2);
        match (source(i, 3), source(j, 4)) {
            (Some(i), Some(j)) => (c * 12 + i * 4 + j) as i64,
            _ => -1,
        }
    })
}

#[test]
fn each_kind_agrees_with_its_definition() {
    let x = Tensor::<X, i64>::from_fn(|i| i as i64);
    let inside = |i, n| (0..n).contains(&i).then_some(i);
    let mirrored = |i: isize, n: isize| Some(if i < 0 { -i } else { i.min(2 * n - 2 - i) });
    assert_eq!(x.clone().pad2d::<2, 1, 1, 2>(-1).with_shape(), naive(inside));
    assert_eq!(x.clone().reflect_pad2d::<2, 1, 1, 2>().with_shape(), naive(mirrored));
    assert_eq!(x.replicate_pad2d::<2, 1, 1, 2>().with_shape(), naive(|i, n| Some(i.clamp(0, n - 1))));
}

/// Values and gradients of PyTorch 2.15.
#[test]
fn gradients_of_copies_are_those_of_pytorch() {
    let x = Param::new(Tensor::<Rank2<3, 4>, f64>::from_fn(|i| i as f64));
    let w = Tensor::<Rank2<6, 7>, f64>::from_fn(|i| i as f64);
    let y = x.track().reflect_pad2d::<2, 1, 1, 2>().with_shape::<Rank2<6, 7>>();
    assert_eq!(y.as_slice()[..7], [6.0, 5.0, 4.0, 5.0, 6.0, 7.0, 6.0]);
    (y * w.clone()).sum().backward();
    let reflected = [[46.0, 92.0, 146.0, 52.0], [48.0, 96.0, 156.0, 57.0], [23.0, 46.0, 73.0, 26.0]];
    assert_eq!(x.grad().unwrap(), Tensor::from(reflected));
    let x = Param::new(x.value().clone());
    (x.track().replicate_pad2d::<2, 1, 1, 2>().with_shape::<Rank2<6, 7>>() * w).sum().backward();
    let replicated = [[27.0, 13.0, 15.0, 36.0], [45.0, 17.0, 18.0, 39.0], [261.0, 93.0, 96.0, 201.0]];
    assert_eq!(x.grad().unwrap(), Tensor::from(replicated));
}

#[test]
fn padding_of_an_empty_axis_and_of_zero_amounts() {
    let x = Tensor::<Rank2<2, 0>>::zeros();
    assert_eq!(x.pad::<1, 2>(5.0).to_vec(), [5.0; 6]);
    let x = Tensor::<Rank2<2, 2>>::zeros();
    assert_eq!(x.clone().reflect_pad::<0, 0>().as_slice().as_ptr(), x.as_slice().as_ptr());
}

#[test]
fn gradients_agree_with_differences() {
    let x = Tensor::<X, f64>::randn(&mut Rng::seed(13));
    let w = Tensor::<Rank3<2, 6, 7>, f64>::randn(&mut Rng::seed(14));
    type Y = Rank3<2, 6, 7>;
    gradcheck((x.clone(), w.clone()), |(x, w)| {
        (x.pad2d::<2, 1, 1, 2>(3.0).with_shape::<Y>().powi(2) * w).sum()
    })
    .unwrap();
    gradcheck((x.clone(), w.clone()), |(x, w)| {
        (x.reflect_pad2d::<2, 1, 1, 2>().with_shape::<Y>().powi(2) * w).sum()
    })
    .unwrap();
    gradcheck((x.clone(), w), |(x, w)| {
        (x.replicate_pad2d::<2, 1, 1, 2>().with_shape::<Y>().powi(2) * w).sum()
    })
    .unwrap();
    gradcheck(x.clone(), |x| x.pad::<1, 2>(1.0).powi(2).sum()).unwrap();
    gradcheck(x.clone(), |x| x.reflect_pad::<3, 2>().powi(2).sum()).unwrap();
    gradcheck(x, |x| x.replicate_pad::<4, 5>().powi(2).sum()).unwrap();
}

/// The definition: element `i` comes from `i - left`, if that exists.
#[test]
fn negative_amounts_take_elements_away_along_every_axis() {
    let x = Tensor::<Rank3<3, 4, 5>, i64>::from_fn(|i| i as i64);
    let y = x.clone().pad3d::<-1, 2, 3, -2, -2, -1>(-7).with_shape::<Rank3<0, 5, 6>>();
    assert!(y.to_vec().is_empty());
    let y = x.clone().pad3d::<-1, 2, 3, -2, -2, 1>(-7).to_vec();
    let inside = |i: isize, n: isize| (0..n).contains(&i);
    let expected = (0..2 * 5 * 6).map(|n| {
        let (a, b, c) = (n / 30 + 2, n / 6 % 5 - 3, n % 6 + 1);
        if inside(a, 3) && inside(b, 4) && inside(c, 5) { (a * 20 + b * 5 + c) as i64 } else { -7 }
    });
    assert_eq!(y, expected.collect::<Vec<_>>());
    assert!(x.clone().pad::<-3, -2>(0).to_vec().is_empty());
    assert_eq!(x.select_at::<0, 0>().select_at::<0, 0>().pad::<-5, 2>(9).to_vec(), [9, 9]);
}

#[test]
fn gradients_of_three_axes_agree_with_differences() {
    let x = Tensor::<Rank4<2, 2, 3, 3>, f64>::randn(&mut Rng::seed(15));
    gradcheck(x.clone(), |x| x.pad3d::<1, -1, -2, 2, 0, 1>(0.5).powi(3).sum()).unwrap();
    gradcheck(x.clone(), |x| x.reflect_pad3d::<2, -1, -1, 2, 1, 0>().powi(3).sum()).unwrap();
    gradcheck(x.clone(), |x| x.replicate_pad3d::<1, -2, -1, 3, 4, 1>().powi(3).sum()).unwrap();
    gradcheck(x, |x| x.pad::<-3, 1>(2.0).powi(3).sum()).unwrap();
}
