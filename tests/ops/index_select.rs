//! The values and gradients of `index_select`.

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn a_row_that_is_taken_twice_gets_both_gradients() {
    let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    let y = x.track().index_select::<0, _>(&Tensor::from([2, 0, 2]));
    assert_eq!(y, Tensor::from([[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]));
    (y * Tensor::from([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])).sum().backward();
    // torch: x.index_select(0, i) times the same weights, .sum().backward(); x.grad
    assert_eq!(x.grad().unwrap(), Tensor::from([[10.0, 20.0], [0.0, 0.0], [101.0, 202.0]]));
}

#[test]
fn labels_are_taken_with_the_same_indices_as_images() {
    let labels = Tensor::from([7, 8, 9]);
    assert_eq!(labels.index_select::<0, _>(&Tensor::from([1, 1, 0, 2])), Tensor::from([8, 8, 7, 9]));
    let masks = Tensor::from([[true, false]]);
    assert_eq!(masks.index_select::<-1, _>(&Tensor::from([1])), Tensor::from([[false]]));
}

#[test]
#[should_panic(
    expected = "index_select: index 3 at position [1] is out of range for axis -1, which has size 3"
)]
fn an_index_after_the_end_is_named() {
    let _ = Tensor::<Rank2<2, 3>>::ones().index_select::<-1, _>(&Tensor::from([0, 3]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64, i in proptest::array::uniform5(0..3_i64)) {
        let x = Tensor::<Rank3<3, 3, 3>, f64>::randn(&mut Rng::seed(seed));
        let i = Tensor::from(i);
        gradcheck(x.clone(), |x| x.index_select::<0, _>(&i).powi(2).sum()).unwrap();
        gradcheck(x.clone(), |x| x.index_select::<1, _>(&i).powi(2).sum()).unwrap();
        gradcheck(x, |x| x.index_select::<-1, _>(&i).powi(2).sum()).unwrap();
    }

    #[test]
    fn rows_agree_with_a_loop(i in proptest::array::uniform5(0..3_i64)) {
        let x = Tensor::<Rank1<24>, i64>::arange().reshape::<Rank3<2, 3, 4>>();
        let y = x.clone().index_select::<1, _>(&Tensor::from(i)).to_array::<[[[i64; 4]; 5]; 2]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for o in 0..2 {
            for k in 0..5 {
                prop_assert_eq!(y[o][k], x[o][i[k] as usize]);
            }
        }
    }
}
