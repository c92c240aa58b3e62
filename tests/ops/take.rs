//! The values and gradients of `take`.

use proptest::array::uniform4;
use proptest::prelude::{ProptestConfig, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
fn take_reads_the_tensor_as_one_row_and_counts_from_both_ends() {
    let x = Tensor::<Rank1<6>, i64>::arange().reshape::<Rank2<2, 3>>();
    let y = x.take(&Tensor::from([[0, -1], [4, -6]]));
    assert_eq!(y, Tensor::from([[0, 5], [4, 0]]));
}

#[test]
#[should_panic(expected = "take: index 4 at position [0] is out of range for a tensor of 4 elements")]
fn take_counts_all_elements() {
    let _ = Tensor::<Rank2<2, 2>>::ones().take(&Tensor::from([4]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64, i in uniform4(-2..2_i64)) {
        let x = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
        gradcheck(x, |x| x.take(&Tensor::from(i)).powi(2).sum()).unwrap();
    }
}
