//! Reductions beyond the sum, the mean and the maximum, which are in `basics.rs` and `reduce.rs`.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn reductions() {
    let mut cases = Cases::of("reductions");
    axes(&mut cases);
    var(&mut cases);
    std(&mut cases);
    sums_and_products(&mut cases);
    extremes(&mut cases);
    norms(&mut cases);
    questions(&mut cases);
    cases.finish();
}

fn axes(cases: &mut Cases) {
    check!(cases, "sum_axes/apart", |x: Rank3<2, 3, 4>| x.sum_axes::<Axes2<0, 2>>());
    check!(cases, "sum_axes_keepdim/beside", |x: Rank3<2, 3, 4>| x.sum_axes_keepdim::<Axes2<1, -1>>());
    check!(cases, "mean_axes/apart", |x: Rank3<2, 3, 4>| x.mean_axes::<Axes2<0, 2>>());
    check!(cases, "mean_axes/three", |x: Rank4<2, 3, 2, 2>| x.mean_axes::<Axes3<0, 2, 3>>());
}

fn var(cases: &mut Cases) {
    check!(cases, "var/all", |x: Rank2<2, 3>| x.var());
    check!(cases, "var/equal", |x: Rank1<3>| x.var());
    check!(cases, "var/one", |x: Rank1<1>| x.var());
    check!(cases, "var/infinity", |x: Rank1<3>| x.var());
    check!(cases, "var_with/one", |x: Rank1<1>| x.var_with(0));
    check!(cases, "var_with/no_freedom", |x: Rank1<2>| x.var_with(2));
    check!(cases, "var_with/negative_freedom", |x: Rank1<2>| x.var_with(3));
    check!(cases, "var_axis/first", |x: Rank3<2, 3, 4>| x.var_axis::<0>());
    check!(cases, "var_axis/empty", |x: Rank2<2, 0>| x.var_axis::<1>());
    check!(cases, "var_keepdim/middle", |x: Rank3<2, 3, 4>| x.var_keepdim::<1>());
    check!(cases, "var_axes/apart", |x: Rank3<2, 3, 4>| x.var_axes::<Axes2<0, 2>>());
    check!(cases, "var_axes_keepdim_with/apart", |x: Rank3<2, 3, 4>| x
        .var_axes_keepdim_with::<Axes2<0, 2>>(0));
}

fn std(cases: &mut Cases) {
    check!(cases, "std/all", |x: Rank2<2, 3>| x.std());
    check!(cases, "std/equal", |x: Rank1<3>| x.std());
    check!(cases, "std/one", |x: Rank1<1>| x.std());
    check!(cases, "std/infinity", |x: Rank1<3>| x.std());
    check!(cases, "std_with/one", |x: Rank1<1>| x.std_with(0));
    check!(cases, "std_with/no_freedom", |x: Rank1<2>| x.std_with(2));
    check!(cases, "std_with/negative_freedom", |x: Rank1<2>| x.std_with(3));
    check!(cases, "std_axis/first", |x: Rank3<2, 3, 4>| x.std_axis::<0>());
    check!(cases, "std_axis/empty", |x: Rank2<2, 0>| x.std_axis::<1>());
    check!(cases, "std_keepdim/middle", |x: Rank3<2, 3, 4>| x.std_keepdim::<1>());
    check!(cases, "std_axes/apart", |x: Rank3<2, 3, 4>| x.std_axes::<Axes2<0, 2>>());
    check!(cases, "std_axes_keepdim_with/apart", |x: Rank3<2, 3, 4>| x
        .std_axes_keepdim_with::<Axes2<0, 2>>(0));
}

fn sums_and_products(cases: &mut Cases) {
    check!(cases, "logsumexp/all", |x: Rank2<2, 3>| x.logsumexp());
    check!(cases, "logsumexp_axis/corners", |x: Rank2<5, 3>| x.logsumexp_axis::<-1>());
    check!(cases, "logsumexp_axis/empty", |x: Rank2<2, 0>| x.logsumexp_axis::<1>());
    check!(cases, "logsumexp_axes/apart", |x: Rank3<2, 3, 4>| x.logsumexp_axes::<Axes2<0, 2>>());
    check!(cases, "prod/all", |x: Rank2<2, 3>| x.prod());
    check!(cases, "prod/empty", |x: Rank1<0>| x.prod());
    check!(cases, "prod_axis/zeros", |x: Rank2<3, 3>| x.prod_axis::<-1>());
    check!(cases, "prod_axis/middle", |x: Rank3<2, 3, 4>| x.prod_axis::<1>());
    check!(cases, "prod_keepdim/first", |x: Rank2<2, 3>| x.prod_keepdim::<0>());
    check!(cases, "cumsum/first", |x: Rank3<2, 3, 4>| x.cumsum::<0>());
    check!(cases, "cumsum/last", |x: Rank3<2, 3, 4>| x.cumsum::<-1>());
    check!(cases, "cumsum/corners", |x: Rank2<5, 3>| x.cumsum::<-1>());
}

fn extremes(cases: &mut Cases) {
    check!(cases, "min/ties", |x: Rank2<2, 3>| x.min());
    check!(cases, "min/nan", |x: Rank1<3>| x.min());
    check!(cases, "min_axis_with_indices/ties", |x: Rank2<2, 3>| x.min_axis_with_indices::<-1>());
    check!(cases, "min_axis_with_indices/corners", |x: Rank2<5, 3>| x.min_axis_with_indices::<-1>());
    check!(cases, "min_keepdim/first", |x: Rank2<2, 3>| x.min_keepdim::<0>());
    check!(cases, "amax/all", |x: Rank2<2, 3>| x.amax());
    check!(cases, "amax_axis/ties", |x: Rank2<2, 3>| x.amax_axis::<-1>());
    check!(cases, "amax_axis/corners", |x: Rank2<5, 3>| x.amax_axis::<-1>());
    check!(cases, "amax_axes/apart", |x: Rank3<2, 3, 4>| x.amax_axes::<Axes2<0, 2>>());
    check!(cases, "amax_keepdim/middle", |x: Rank3<2, 3, 4>| x.amax_keepdim::<1>());
    check!(cases, "amin/all", |x: Rank2<2, 3>| x.amin());
    check!(cases, "amin_axis/ties", |x: Rank2<2, 3>| x.amin_axis::<-1>());
    check!(cases, "amin_axis/corners", |x: Rank2<5, 3>| x.amin_axis::<-1>());
    check!(cases, "amin_axes/apart", |x: Rank3<2, 3, 4>| x.amin_axes::<Axes2<0, 2>>());
    check!(cases, "amin_keepdim/middle", |x: Rank3<2, 3, 4>| x.amin_keepdim::<1>());
}

fn norms(cases: &mut Cases) {
    for (key, p) in [
        ("0", 0.0),
        ("half", 0.5),
        ("1", 1.0),
        ("1.5", 1.5),
        ("2", 2.0),
        ("3", 3.0),
        ("-1", -1.0),
        ("inf", f64::INFINITY),
        ("-inf", f64::NEG_INFINITY),
    ] {
        check!(cases, &format!("norm_with/{key}"), |x: Rank2<2, 3>| x.norm_with(p));
        check!(cases, &format!("norm_axis_with/{key}_zeros"), |x: Rank2<6, 3>| x.norm_axis_with::<-1>(p));
        check!(cases, &format!("norm_axes_with/{key}"), |x: Rank3<2, 3, 4>| x
            .norm_axes_with::<Axes2<0, 2>>(p));
    }
    check!(cases, "norm_axis/corners", |x: Rank2<5, 3>| x.norm_axis::<-1>());
    check!(cases, "norm_axis/empty", |x: Rank2<2, 0>| x.norm_axis::<1>());
    check!(cases, "norm_keepdim/first", |x: Rank2<2, 3>| x.norm_keepdim::<0>());
    check!(cases, "normalize/first", |x: Rank3<2, 3, 4>| x.normalize::<0>());
    check!(cases, "normalize/zeros", |x: Rank2<5, 3>| x.normalize::<-1>());
}

fn questions(cases: &mut Cases) {
    check!(cases, "all/corners", |x: Rank2<5, 3>| x.all());
    check!(cases, "all_axis/corners", |x: Rank2<5, 3>| x.all_axis::<-1>());
    check!(cases, "all_axis/empty", |x: Rank2<2, 0>| x.all_axis::<1>());
    check!(cases, "any/corners", |x: Rank2<5, 3>| x.any());
    check!(cases, "any_axis/corners", |x: Rank2<5, 3>| x.any_axis::<-1>());
    check!(cases, "any_axis/empty", |x: Rank2<2, 0>| x.any_axis::<1>());
    check!(cases, "count_nonzero_axis/corners", |x: Rank2<5, 3>| x.count_nonzero_axis::<-1>());
}
