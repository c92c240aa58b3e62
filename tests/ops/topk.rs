//! The values and gradients of `topk`.

use proptest::array::uniform6;
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn nan_is_the_largest_and_the_gradient_goes_to_the_selected() {
    let n = f64::NAN;
    let (y, positions) = Tensor::from([3.0, n, -1.0, 3.0, f64::INFINITY, n]).topk::<0, 5>();
    assert!(y.as_slice()[..2].iter().all(|y| y.is_nan()));
    assert_eq!(y.as_slice()[2..], [f64::INFINITY, 3.0, 3.0]);
    assert_eq!(positions, Tensor::from([1, 5, 4, 0, 3]));

    let x = Param::new(Tensor::from([[1.0, 4.0], [3.0, 2.0], [2.0, 9.0]]));
    let (y, positions) = x.track().topk::<0, 2>();
    assert_eq!(positions, Tensor::from([[1, 2], [2, 0]]));
    (y * Tensor::from([[1.0, 2.0], [3.0, 4.0]])).sum().backward();
    // torch: the gradient of (x.topk(2, 0).values * w).sum()
    assert_eq!(x.grad().unwrap(), Tensor::from([[0.0, 4.0], [1.0, 0.0], [3.0, 2.0]]));
}

#[test]
fn none_and_all_can_be_taken() {
    let x = Tensor::from([[2, 1], [3, 4]]);
    assert!(x.clone().topk::<1, 0>().0.to_vec().is_empty());
    assert_eq!(x.clone().topk::<1, 2>().0, x.sort_descending::<1>().0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64) {
        let mut x: [f64; 12] = std::array::from_fn(|i| i as f64 / 4.0);
        Rng::seed(seed).shuffle(&mut x);
        let x = Tensor::<Rank3<2, 3, 2>, f64>::from_fn(|i| x[i]);
        let w = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
        gradcheck(x.clone(), |x| (x.topk::<1, 2>().0 * &w).sum()).unwrap();
        gradcheck(x, |x| (x.topk_smallest::<-2, 2>().0 * &w).sum()).unwrap();
    }

    #[test]
    fn the_first_of_the_sorted_elements_are_taken(x in uniform6(-3..3_i64)) {
        let mut sorted = x;
        sorted.sort_unstable();
        prop_assert_eq!(Tensor::from(x).topk_smallest::<0, 4>().0.to_vec(), &sorted[..4]);
        sorted.reverse();
        prop_assert_eq!(Tensor::from(x).topk::<-1, 4>().0.to_vec(), &sorted[..4]);
    }
}
