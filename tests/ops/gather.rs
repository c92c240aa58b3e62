//! The values and gradients of `gather`.

use proptest::array::{uniform2, uniform4};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn an_element_that_is_taken_twice_gets_both_gradients() {
    let x = Param::new(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    let y = x.track().gather::<1, _>(&Tensor::from([[0, 0, 1], [1, 1, 1]]));
    assert_eq!(y, Tensor::from([[1.0, 1.0, 2.0], [4.0, 4.0, 4.0]]));
    (y * Tensor::from([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])).sum().backward();
    // torch: the gradient of (x.gather(1, i) * w).sum()
    assert_eq!(x.grad().unwrap(), Tensor::from([[3.0, 3.0], [0.0, 60.0]]));
}

#[test]
#[should_panic(expected = "gather: index -1 at position [0, 0] is out of range for axis 0, which has size 2")]
fn gather_panics_at_a_negative_index() {
    let _ = Tensor::<Rank2<2, 1>>::ones().gather::<0, _>(&Tensor::from([[-1]]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64, i in uniform4(-2..2_i64)) {
        let x = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
        let square = |i: i64| i.rem_euclid(2);
        let wide = Tensor::<Rank3<2, 1, 2>, i64>::from_fn(|k| square(i[k]));
        gradcheck(x.clone(), |x| x.gather::<1, _>(&wide).powi(2).sum()).unwrap();
        let long = Tensor::<Rank3<2, 2, 4>, i64>::from_fn(|k| square(i[k % 4]));
        gradcheck(x, |x| x.gather::<-1, _>(&long).powi(2).sum()).unwrap();
    }

    #[test]
    fn elements_agree_with_a_loop(i in uniform2(uniform2(uniform4(0..3_i64)))) {
        let x = Tensor::<Rank1<24>, i64>::arange().reshape::<Rank3<2, 3, 4>>();
        let y = x.clone().gather::<1, _>(&Tensor::from(i)).to_array::<[[[i64; 4]; 2]; 2]>();
        let x = x.to_array::<[[[i64; 4]; 3]; 2]>();
        for o in 0..2 {
            for k in 0..2 {
                for l in 0..4 {
                    prop_assert_eq!(y[o][k][l], x[o][i[o][k][l] as usize][l]);
                }
            }
        }
    }
}
