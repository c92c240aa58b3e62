//! The values and gradients of `take_along`.

use proptest::array::uniform4;
use proptest::prelude::{ProptestConfig, proptest};
use typegrad::gradcheck;
use typegrad::prelude::*;

#[test]
#[should_panic(
    expected = "take_along: index -3 at position [1] is out of range for axis 0, which has size 2"
)]
fn take_along_names_the_index_as_it_was_given() {
    let _ = Tensor::<Rank1<2>>::ones().take_along::<0, _>(&Tensor::from([-2, -3]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gradient_agrees_with_differences(seed: u64, i in uniform4(-2..2_i64)) {
        let x = Tensor::<Rank3<2, 2, 2>, f64>::randn(&mut Rng::seed(seed));
        let deep = Tensor::<Rank3<1, 2, 2>, i64>::from_fn(|k| i[k]);
        gradcheck(x, |x| x.take_along::<0, _>(&deep).powi(2).sum()).unwrap();
    }
}
