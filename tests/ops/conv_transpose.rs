//! The values and gradients of `conv_transpose`.

use proptest::prelude::{ProptestConfig, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

/// Small integers: their products and sums are exact in any order.
fn integers<S: Shape>(seed: u64) -> Tensor<S, f64> {
    let mut rng = Rng::seed(seed);
    Tensor::from_fn(|_| rng.below(19) as f64 - 9.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    /// ⟨conv(x), y⟩ = ⟨x, conv_transpose(y)⟩ with the same weight.
    #[test]
    fn the_transposed_convolution_is_the_transpose(seed in 0..u64::MAX / 2) {
        let (x, w) = (integers::<Rank4<2, 4, 6, 5>>(seed), integers::<Rank4<6, 2, 3, 2>>(seed + 1));
        let y = integers::<Rank4<2, 6, 4, 4>>(seed + 2);
        let left = (x.clone().conv2d::<Conv<2, 2, 2, 2>, _>(&w).with_shape::<Rank4<2, 6, 3, 4>>()
            * y.clone().narrow::<2, 0, 3>()).sum();
        let back = y.clone().narrow::<2, 0, 3>().conv_transpose2d::<ConvTranspose<2, 2, 1, 2, 2>, _>(&w);
        let right = (back.with_shape::<Rank4<2, 4, 6, 6>>().narrow::<3, 0, 5>() * x).sum();
        assert_eq!(left.item(), right.item());
    }
}

#[test]
fn the_gradient_agrees_with_differences() {
    let rng = &mut Rng::seed(7);
    let (x, w) = (Tensor::<Rank4<1, 4, 3, 2>, f64>::randn(rng), Tensor::<Rank4<4, 2, 3, 2>, f64>::randn(rng));
    gradcheck((x, w), |(x, w)| x.conv_transpose2d::<ConvTranspose<2, 1, 1, 1, 2>, _>(w).powi(2).sum())
        .unwrap();
}
