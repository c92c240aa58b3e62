//! The values and gradients of `unfold` and `fold`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn a_convolution_is_a_product_with_the_columns() {
    let rng = &mut Rng::seed(1);
    let (x, w) = (Tensor::<Rank4<2, 3, 7, 6>, f64>::randn(rng), Tensor::<Rank4<4, 3, 3, 3>, f64>::randn(rng));
    let columns = x.clone().unfold::<3, 2, 1, 2>().with_shape::<Rank3<2, 27, 6>>();
    let y = w.clone().reshape::<Rank2<4, 27>>().matmul(columns).reshape::<Rank4<2, 4, 3, 2>>();
    assert!(y.allclose(x.conv2d::<Conv<2, 1, 2>, _>(w).with_shape::<Rank4<2, 4, 3, 2>>()));
}

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(1);
    let x = Tensor::<Rank4<2, 2, 5, 4>, f64>::randn(rng);
    gradcheck(x.clone(), |x| x.unfold::<3, 2, 1, 1>().powi(2).sum()).unwrap();
    gradcheck(x, |x| x.unfold::<2, 1, 0, 2>().powi(2).sum()).unwrap();
    let columns = Tensor::<Rank3<2, 18, 6>, f64>::randn(rng);
    gradcheck(columns, |x| x.fold::<5, 4, 3, 2, 1, 1>().powi(2).sum()).unwrap();
}

#[test]
fn windows_that_differ_by_axis_agree_with_a_convolution_and_with_differences() {
    let rng = &mut Rng::seed(2);
    let x = Tensor::<Rank4<2, 3, 5, 7>, f64>::randn(rng);
    let w = Tensor::<Rank4<4, 3, 2, 3>, f64>::randn(rng);
    type High = Window<2, 1, 1, 3>;
    type Wide = Window<3, 2, 0, 2>;
    let columns = x.clone().unfold_rect::<High, Wide>().with_shape::<Rank3<2, 18, 8>>();
    let y = w.clone().reshape::<Rank2<4, 18>>().matmul(columns.clone()).reshape::<Rank4<2, 4, 4, 2>>();
    assert!(y.allclose(x.clone().conv2d_rect::<High, Wide, 1, _>(w).with_shape::<Rank4<2, 4, 4, 2>>()));
    gradcheck(x, |x| x.unfold_rect::<High, Wide>().powi(2).sum()).unwrap();
    gradcheck(columns, |x| x.fold_rect::<5, 7, High, Wide>().powi(2).sum()).unwrap();
}

#[test]
fn equal_windows_have_the_columns_of_one_window() {
    fn check<E: Float>() {
        let x = Tensor::<Rank4<2, 3, 7, 6>, E>::randn(&mut Rng::seed(3));
        type V = Window<3, 2, 1, 2>;
        let (one, two) = (x.clone().unfold::<3, 2, 1, 2>(), x.unfold_rect::<V, V>());
        assert_eq!(one.to_vec(), two.to_vec());
        let (one, two) = (one.fold::<7, 6, 3, 2, 1, 2>(), two.fold_rect::<7, 6, V, V>());
        assert_eq!(one.to_vec(), two.to_vec());
    }
    check::<f32>();
    check::<f64>();
}
