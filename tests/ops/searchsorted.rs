//! The values and gradients of `searchsorted`.

use proptest::array::{uniform4, uniform6};
use proptest::prelude::{prop_assert_eq, proptest};
use typegrad::prelude::*;

proptest! {
    #[test]
    fn positions_agree_with_counting(mut row in uniform6(-3..3_i64), values in uniform4(-4..4_i64)) {
        row.sort_unstable();
        let (sorted, wanted) = (Tensor::from(row), Tensor::from(values));
        let count = |f: &dyn Fn(i64, i64) -> bool| {
            values.map(|v| row.iter().filter(|x| f(**x, v)).count() as i64)
        };
        prop_assert_eq!(sorted.searchsorted(&wanted), Tensor::from(count(&|x, v| x < v)));
        prop_assert_eq!(sorted.searchsorted_with(&wanted, true), Tensor::from(count(&|x, v| x <= v)));
    }
}
