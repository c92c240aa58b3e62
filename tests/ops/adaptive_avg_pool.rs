//! The values and gradients of `adaptive_avg_pool`.

use proptest::prelude::{ProptestConfig, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn gradients_agree_with_differences(seed in 0..u64::MAX) {
        let rng = &mut Rng::seed(seed);
        let x = Tensor::<Rank4<2, 2, 5, 4>, f64>::randn(rng);
        gradcheck(x, |x| x.adaptive_avg_pool2d::<3, 3>().powi(2).sum()).unwrap();
        let x = Tensor::<Rank3<2, 3, 7>, f64>::randn(rng);
        gradcheck(x, |x| x.adaptive_avg_pool1d::<4>().powi(2).sum()).unwrap();
    }
}
