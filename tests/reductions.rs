//! The gradients of the reductions and of the losses at random values, for several shapes.

use proptest::prelude::*;
use typegrad::gradcheck;
use typegrad::prelude::*;

/// Random numbers, none of them near 0 or near another, so that no maximum and no absolute value has a corner.
fn apart<S: Shape>() -> impl Strategy<Value = Tensor<S, f64>> {
    let middle = S::NUMEL as f64 / 2.0 - 0.25;
    let numbers: Vec<f64> = (0..S::NUMEL).map(|i| (i as f64 - middle) * 0.25).collect();
    let jitter = prop::collection::vec(-0.1..0.1, S::NUMEL);
    (Just(numbers).prop_shuffle(), jitter).prop_map(|(numbers, jitter)| {
        let sum: Vec<f64> = numbers.iter().zip(jitter).map(|(a, b)| a + 0.5 * b).collect();
        Tensor::try_from(sum).expect("as many as the shape has")
    })
}

/// Any numbers, equal ones among them.
fn any_values<S: Shape>() -> impl Strategy<Value = Tensor<S, f64>> {
    prop::collection::vec(-2.0..2.0, S::NUMEL).prop_map(|x| Tensor::try_from(x).expect("as many"))
}

macro_rules! check {
    ($name:ident: $values:ident, $($shape:ty),+; $($f:expr),+ $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]
            #[test]
            fn $name(x in ($($values::<$shape>(),)+)) {
                check!(@each x, ($($shape),+) ($($f),+));
            }
        }
    };
    (@each $x:ident, ($a:ty, $b:ty, $c:ty) $f:tt) => {
        let (a, b, c) = $x;
        check!(@all a, $f);
        check!(@all b, $f);
        check!(@all c, $f);
    };
    (@all $x:ident, ($($f:expr),+)) => {
        $( gradcheck($x.clone(), $f).map_err(|e| TestCaseError::fail(format!("{}: {e}", stringify!($f))))?; )+
    };
}

check! { smooth_reductions: any_values, Rank2<3, 4>, Rank3<2, 1, 5>, Rank4<2, 3, 2, 2>;
    |x| x.sum().powi(2),
    |x| x.mean_axis::<0>().powi(2).sum(),
    |x| x.var_axis::<-1>().powi(2).sum(),
    |x| x.var_keepdim_with::<0>(0).powi(2).sum(),
    |x| x.logsumexp_axis::<1>().powi(2).sum(),
    |x| x.prod_axis::<-1>().powi(2).sum(),
    |x| x.cumsum::<1>().powi(3).sum(),
    |x| x.softmax::<-1>().powi(2).sum(),
    |x| x.log_softmax::<0>().powi(2).sum(),
}

check! { several_axes: any_values, Rank3<3, 2, 4>, Rank4<2, 3, 2, 2>, Rank5<2, 1, 2, 3, 2>;
    |x| x.sum_axes::<Axes2<0, -1>>().powi(2).sum(),
    |x| x.mean_axes_keepdim::<Axes2<0, 2>>().powi(2).sum(),
    |x| x.var_axes_with::<Axes3<0, 1, -1>>(0).powi(2).sum(),
    |x| x.logsumexp_axes::<Axes2<-3, -1>>().powi(2).sum(),
}

check! { reductions_with_corners: apart, Rank2<3, 4>, Rank3<2, 1, 5>, Rank4<2, 3, 2, 2>;
    |x| x.max().powi(2),
    |x| x.max_axis::<-1>().powi(2).sum(),
    |x| x.min_keepdim::<0>().powi(2).sum(),
    |x| x.amax_axis::<1>().powi(2).sum(),
    |x| x.amin_axes::<Axes2<0, -1>>().powi(2).sum(),
    |x| x.std().powi(2),
    |x| x.norm_axis::<0>().sum(),
    |x| x.norm_axis_with::<-1>(1.0).powi(2).sum(),
    |x| x.norm_axes_with::<Axes2<0, -1>>(3.0).sum(),
    |x| x.norm_with(1.5),
    |x| x.norm_with(f64::INFINITY).powi(2),
    |x| x.norm_with(f64::NEG_INFINITY).powi(2),
    |x| x.normalize::<0>().powi(3).sum(),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..Default::default() })]

    #[test]
    fn losses(
        scores in any_values::<Rank2<5, 3>>(),
        labels in prop::collection::vec(0_i64..3, 5),
        x in any_values::<Rank3<2, 3, 2>>(),
        target in any_values::<Rank3<2, 3, 2>>(),
    ) {
        let labels = Tensor::try_from(labels).expect("five");
        gradcheck(scores.clone(), |x| x.cross_entropy(&labels).powi(2)).map_err(|e| TestCaseError::fail(e.to_string()))?;
        gradcheck((x, target), |(x, t)| x.mse(t)).map_err(|e| TestCaseError::fail(e.to_string()))?;

        // The definition, row by row.
        let rows = scores.to_array::<[[f64; 3]; 5]>();
        let losses = rows.iter().zip(labels.to_vec()).map(|(row, label)| {
            row.iter().map(|x| x.exp()).sum::<f64>().ln() - row[label as usize]
        });
        let want = losses.sum::<f64>() / 5.0;
        prop_assert!((scores.cross_entropy(&labels).item() - want).abs() < 1e-12);
    }
}
