//! The gradients of losses at random values.

use proptest::prelude::*;
use typegrad::gradcheck;
use typegrad::prelude::*;

/// Any numbers, equal ones among them.
fn any_values<S: Shape>() -> impl Strategy<Value = Tensor<S, f64>> {
    prop::collection::vec(-2.0..2.0, S::NUMEL).prop_map(|x| Tensor::try_from(x).expect("as many"))
}

proptest! {
    #![proptest_config(crate::cases(16))]

    #[test]
    fn losses(
        scores in any_values::<Rank2<5, 3>>(),
        labels in prop::collection::vec(0_i64..3, 5),
        x in any_values::<Rank3<2, 3, 2>>(),
        target in any_values::<Rank3<2, 3, 2>>(),
    ) {
        let labels = Tensor::try_from(labels).expect("five");
        gradcheck(scores.clone(), |x| x.cross_entropy(&labels).powi(2)).map_err(|e| TestCaseError::fail(e.to_string()))?;
        gradcheck((x, target), |(x, t)| x.mse_loss(t)).map_err(|e| TestCaseError::fail(e.to_string()))?;

        // The definition, row by row.
        let rows = scores.to_array::<[[f64; 3]; 5]>();
        let losses = rows.iter().zip(labels.to_vec()).map(|(row, label)| {
            row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[label as usize]
        });
        let want = losses.sum::<f64>() / 5.0;
        prop_assert!((scores.cross_entropy(&labels).item() - want).abs() < 1e-12);
    }
}
