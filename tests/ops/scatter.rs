//! The values and gradients of `scatter`.

use proptest::array::{uniform2, uniform3};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn scatter_of_two_elements_to_one_index_keeps_the_last() {
    let x = Param::new(Tensor::from([1.0, 2.0, 3.0]));
    let s = Param::new(Tensor::from([10.0, 20.0, 30.0]));
    let y = x.track().scatter::<0, _>(&Tensor::from([1, 2, 1]), &s);
    assert_eq!(y, Tensor::from([1.0, 30.0, 20.0]));
    (y * Tensor::from([1.0, 2.0, 4.0])).sum().backward();
    assert_eq!(x.grad().unwrap(), Tensor::from([1.0, 0.0, 0.0]));
    assert_eq!(s.grad().unwrap(), Tensor::from([0.0, 4.0, 2.0]));
}

#[test]
fn scatter_add_accumulates_at_equal_indices() {
    let x = Tensor::from([[1, 2], [3, 4]]);
    let y =
        x.scatter_add::<-1, _>(&Tensor::from([[0, 0, 0], [1, 0, 1]]), Tensor::from([[1, 1, 1], [5, 6, 7]]));
    // torch.tensor([[1,2],[3,4]]).scatter_add(-1, ..)
    assert_eq!(y, Tensor::from([[4, 2], [9, 16]]));
}

#[test]
#[should_panic(expected = "scatter: index 3 at position [0] is out of range for axis 0, which has size 3")]
fn an_index_out_of_range_is_named() {
    let _ = Tensor::<Rank1<3>>::ones().scatter::<0, _>(&Tensor::from([3]), Tensor::from([1.0]));
}

#[test]
#[should_panic(
    expected = "scatter_add: index -1 at position [0] is out of range for axis 0, which has size 3"
)]
fn a_negative_index_is_named() {
    let _ = Tensor::<Rank1<3>>::ones().scatter_add::<0, _>(&Tensor::from([-1]), Tensor::from([1.0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradients_agree_with_differences(seed: u64, i in uniform2(uniform3(0..2_i64))) {
        let rng = &mut Rng::seed(seed);
        let wide = (Tensor::<Rank2<2, 2>, f64>::randn(rng), Tensor::<Rank2<2, 3>, f64>::randn(rng));
        let i = Tensor::from(i);
        gradcheck(wide.clone(), |(x, s)| x.scatter::<1, _>(&i, s).powi(2).sum()).unwrap();
        gradcheck(wide, |(x, s)| x.scatter_add::<-1, _>(&i, s).powi(2).sum()).unwrap();
        let long = (Tensor::<Rank2<3, 3>, f64>::randn(rng), Tensor::<Rank2<2, 3>, f64>::randn(rng));
        gradcheck(long.clone(), |(x, s)| x.scatter::<0, _>(&i, s).powi(2).sum()).unwrap();
        gradcheck(long, |(x, s)| x.scatter_add::<-2, _>(&i, s).powi(2).sum()).unwrap();
    }

    #[test]
    fn scatter_agrees_with_a_loop(i in uniform2(uniform3(0..4_i64))) {
        let s = [[10, 20, 30], [40, 50, 60]];
        let (mut written, mut added) = ([[1; 3]; 4], [[1; 3]; 4]);
        for k in 0..2 {
            for l in 0..3 {
                written[i[k][l] as usize][l] = s[k][l];
                added[i[k][l] as usize][l] += s[k][l];
            }
        }
        let x = Tensor::<Rank2<4, 3>, i64>::ones();
        let (i, s) = (Tensor::from(i), Tensor::from(s));
        prop_assert_eq!(x.clone().scatter::<0, _>(&i, s.clone()), Tensor::from(written));
        prop_assert_eq!(x.scatter_add::<0, _>(&i, s), Tensor::from(added));
    }
}
