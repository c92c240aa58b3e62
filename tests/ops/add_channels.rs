//! The values and gradients of `add_channels`.

use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(4);
    let x = Tensor::<Rank4<2, 3, 2, 4>, f64>::randn(rng);
    let b = Tensor::<Rank1<3>, f64>::randn(rng);
    gradcheck((x, b), |(x, b)| x.add_channels(b).powi(2).sum()).unwrap();
}

#[test]
fn a_row_has_channels_too() {
    let y = Tensor::from([[1.0, 2.0]]).add_channels(Tensor::from([3.0, 4.0]));
    assert_eq!(y, Tensor::from([[4.0, 6.0]]));
}

#[test]
fn a_bias_follows_a_transposed_convolution() {
    let rng = &mut Rng::seed(5);
    let x = Tensor::<Rank4<1, 2, 2, 2>, f64>::randn(rng);
    let (w, b) = (Tensor::<Rank4<2, 1, 2, 2>, f64>::randn(rng), Tensor::<Rank1<2>, f64>::randn(rng));
    gradcheck((x, w, b), |(x, w, b)| {
        x.conv_transpose2d::<ConvTranspose<1, 0, 0, 1, 2>, _>(w).add_channels(b).powi(2).sum()
    })
    .unwrap();
}
