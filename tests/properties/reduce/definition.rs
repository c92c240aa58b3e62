//! The reductions at random values, for several shapes.

use crate::support::random::{along, apart, check};
use crate::{any_values, close};
use proptest::prelude::*;
use typegrad::prelude::*;

check! { smooth_reductions: any_values, Rank2<3, 4>, Rank3<2, 1, 5>, Rank4<2, 3, 2, 2>;
    |x| x.sum().powi(2),
    |x| x.sum_axis::<-1>().powi(2).sum(),
    |x| x.sum_keepdim::<0>().powi(2).sum(),
    |x| x.mean().powi(2),
    |x| x.prod().powi(2),
    |x| x.logsumexp().powi(2),
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
    |x| x.std_axes_with::<Axes2<0, -1>>(0).powi(2).sum(),
    |x| x.norm().powi(3),
    |x| x.norm_axis::<0>().sum(),
    |x| x.norm_axis_with::<-1>(1.0).powi(2).sum(),
    |x| x.norm_axes_with::<Axes2<0, -1>>(3.0).sum(),
    |x| x.norm_with(1.5),
    |x| x.norm_with(f64::INFINITY).powi(2),
    |x| x.norm_with(f64::NEG_INFINITY).powi(2),
}

proptest! {
    #![proptest_config(crate::cases(16))]

    #[test]
    fn reductions_of_an_axis_agree_with_a_loop_over_its_lanes(x in apart::<Rank3<2, 3, 4>>()) {
        let sum = |x: &[f64]| x.iter().sum::<f64>();
        let mean = |x: &[f64]| sum(x) / x.len() as f64;
        let squares = |x: &[f64]| x.iter().map(|a| (a - mean(x)).powi(2)).sum::<f64>();
        let max = |x: &[f64]| x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let min = |x: &[f64]| x.iter().copied().fold(f64::INFINITY, f64::min);
        let exps = |x: &[f64]| x.iter().map(|a| a.exp()).sum::<f64>();
        let norm = |x: &[f64], p: f64| x.iter().map(|a| a.abs().powf(p)).sum::<f64>().powf(1.0 / p);
        let position = |x: &[f64], y: f64| x.iter().position(|a| *a == y).expect("it is there") as i64;
        macro_rules! agrees {
            ($($call:ident$(($arg:expr))?: $f:expr;)+) => { $(
                close(&x.clone().$call::<0>($($arg)?), &along::<0>(&x, $f))?;
                close(&x.clone().$call::<1>($($arg)?), &along::<1>(&x, $f))?;
                close(&x.clone().$call::<-1>($($arg)?), &along::<2>(&x, $f))?;
            )+ };
        }
        agrees! {
            sum_axis: |x| vec![sum(x)];
            mean_axis: |x| vec![mean(x)];
            mean_keepdim: |x| vec![mean(x)];
            prod_axis: |x| vec![x.iter().product()];
            max_axis: |x| vec![max(x)];
            min_keepdim: |x| vec![min(x)];
            amax_axis: |x| vec![max(x)];
            amin_axis: |x| vec![min(x)];
            var_axis: |x| vec![squares(x) / (x.len() - 1) as f64];
            std_axis: |x| vec![(squares(x) / (x.len() - 1) as f64).sqrt()];
            std_axis_with(0): |x| vec![(squares(x) / x.len() as f64).sqrt()];
            logsumexp_axis: |x| vec![exps(x).ln()];
            norm_axis: |x| vec![norm(x, 2.0)];
            norm_axis_with(1.0): |x| vec![norm(x, 1.0)];
            norm_axis_with(3.0): |x| vec![norm(x, 3.0)];
            norm_keepdim_with(f64::INFINITY): |x| vec![x.iter().fold(0.0, |y, a| a.abs().max(y))];
            softmax: |x| x.iter().map(|a| a.exp() / exps(x)).collect();
            log_softmax: |x| x.iter().map(|a| a - exps(x).ln()).collect();
            cumsum: |x| (1..=x.len()).map(|n| sum(&x[..n])).collect();
        }
        let index = |y: Tensor<Rank2<2, 4>, i64>| y.to_vec().into_iter().map(|i| i as f64).collect::<Vec<_>>();
        prop_assert_eq!(index(x.argmax_axis::<1>()), along::<1>(&x, |x| vec![position(x, max(x)) as f64]));
        prop_assert_eq!(index(x.argmin_axis::<-2>()), along::<1>(&x, |x| vec![position(x, min(x)) as f64]));
        prop_assert_eq!(x.argmax().item(), position(x.as_slice(), max(x.as_slice())));
        prop_assert_eq!(x.argmin().item(), position(x.as_slice(), min(x.as_slice())));
        // Several axes are reduced in sequence, where that gives the same.
        close(&x.clone().sum_axes::<Axes2<0, -1>>(), x.clone().sum_axis::<-1>().sum_axis::<0>().as_slice())?;
        close(&x.clone().amax_axes::<Axes2<0, 1>>(), x.clone().max_axis::<0>().max_axis::<0>().as_slice())?;
        close(&x.clone().norm_axes::<Axes2<1, 2>>(), x.clone().norm_axis::<1>().norm_axis::<1>().as_slice())?;
    }
    #[test]
    fn counts_and_questions_agree_with_a_loop(x in prop::collection::vec(-2..2_i64, 6)) {
        let a = Tensor::<Rank2<2, 3>, i64>::try_from(&x[..]).expect("six");
        prop_assert_eq!(a.count_nonzero().item(), x.iter().filter(|x| **x != 0).count() as i64);
        prop_assert_eq!(a.all().item(), x.iter().all(|x| *x != 0));
        prop_assert_eq!(a.any().item(), x.iter().any(|x| *x != 0));
    }
}
