//! The values and gradients of `sort`.

use proptest::array::uniform6;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn the_gradient_goes_back_to_where_the_elements_came_from() {
    let x = Param::new(Tensor::from([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]]));
    let (y, positions) = x.track().sort::<-1>();
    assert_eq!(positions, Tensor::from([[1, 2, 0], [0, 2, 1]]));
    (y * Tensor::from([[1.0, 10.0, 100.0]; 2])).sum().backward();
    // torch: the gradient of (x.sort(-1).values * w).sum()
    assert_eq!(x.grad().unwrap(), Tensor::from([[100.0, 1.0, 10.0], [1.0, 100.0, 10.0]]));
}

#[test]
fn columns_masks_and_integers_are_sorted() {
    let x = Tensor::from([[3, 0], [1, 2], [2, 1]]);
    assert_eq!(x.clone().sort::<0>().0, Tensor::from([[1, 0], [2, 1], [3, 2]]));
    assert_eq!(x.sort_descending::<-2>().1, Tensor::from([[0, 1], [2, 2], [1, 0]]));
    assert_eq!(Tensor::from([true, false, true]).argsort::<0>(), Tensor::from([1, 0, 2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64) {
        // Far enough apart that no difference changes the order.
        let mut x: [f64; 12] = std::array::from_fn(|i| i as f64 / 4.0);
        Rng::seed(seed).shuffle(&mut x);
        let x = Tensor::<Rank3<2, 3, 2>, f64>::from_fn(|i| x[i]);
        let w = Tensor::<Rank3<2, 3, 2>, f64>::randn(&mut Rng::seed(seed));
        gradcheck(x.clone(), |x| (x.sort::<1>().0 * &w).sum()).unwrap();
        gradcheck(x, |x| (x.sort_descending::<-1>().0 * &w).sum()).unwrap();
    }

    #[test]
    fn the_result_is_in_order_and_a_permutation(x in uniform6(-3..3_i64)) {
        let (y, positions) = Tensor::from(x).sort::<0>();
        let (y, positions) = (y.to_vec(), positions.to_vec());
        for k in 0..6 {
            prop_assert_eq!(y[k], x[positions[k] as usize]);
        }
        for k in 1..6 {
            prop_assert!(y[k - 1] < y[k] || (y[k - 1] == y[k] && positions[k - 1] < positions[k]));
        }
    }
}
