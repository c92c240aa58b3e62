//! Reductions over all, one or several axes, softmax and running sums.

use crate::fixture::{Cases, check, layer};
use typegrad::prelude::*;

#[test]
fn reduce() {
    let mut cases = Cases::of("reduce");
    sums(&mut cases);
    mean(&mut cases);
    max(&mut cases);
    argmax(&mut cases);
    softmax(&mut cases);
    integers(&mut cases);
    axes(&mut cases);
    var(&mut cases);
    std(&mut cases);
    sums_and_products(&mut cases);
    max_and_min(&mut cases);
    norms(&mut cases);
    questions(&mut cases);
    means(&mut cases);
    forms_of_amax_and_amin(&mut cases);
    norm_forms(&mut cases);
    variances(&mut cases);
    more_products(&mut cases);
    min_and_argmin(&mut cases);
    counts(&mut cases);
    kept_and_corrected(&mut cases);
    running(&mut cases);
    medians(&mut cases);
    without_nan(&mut cases);
    cases.finish();
}

fn sums(cases: &mut Cases) {
    check!(cases, "sum/all", |x: Rank2<2, 3>| x.sum());
    check!(cases, "sum/scalar", |x: Rank0| x.sum());
    check!(cases, "sum/empty", |x: Rank2<0, 3>| x.sum());
    check!(cases, "sum/corners", |x: Rank2<2, 2>| x.sum());
    check!(cases, "sum_axis/first", |x: Rank3<2, 3, 2>| x.sum_axis::<0>());
    check!(cases, "sum_axis/middle", |x: Rank3<2, 3, 2>| x.sum_axis::<1>());
    check!(cases, "sum_axis/last", |x: Rank3<2, 3, 2>| x.sum_axis::<-1>());
    check!(cases, "sum_axis/size_one", |x: Rank2<3, 1>| x.sum_axis::<1>());
    check!(cases, "sum_axis/empty", |x: Rank2<0, 3>| x.sum_axis::<0>());
    check!(cases, "sum_axis/corners", |x: Rank2<2, 3>| x.sum_axis::<0>());
    check!(cases, "sum_keepdim/first", |x: Rank2<2, 3>| x.sum_keepdim::<0>());
    check!(cases, "sum_keepdim/last", |x: Rank2<2, 3>| x.sum_keepdim::<-1>());
}

fn mean(cases: &mut Cases) {
    check!(cases, "mean/all", |x: Rank2<2, 3>| x.mean());
    check!(cases, "mean/scalar", |x: Rank0| x.mean());
    check!(cases, "mean/empty", |x: Rank2<0, 3>| x.mean());
    check!(cases, "mean/corners", |x: Rank2<5, 3>| x.mean());
    check!(cases, "mean_axis/first", |x: Rank3<2, 3, 2>| x.mean_axis::<0>());
    check!(cases, "mean_axis/middle", |x: Rank3<2, 3, 2>| x.mean_axis::<1>());
    check!(cases, "mean_axis/last", |x: Rank3<2, 3, 2>| x.mean_axis::<-1>());
    check!(cases, "mean_axis/corners", |x: Rank2<5, 3>| x.mean_axis::<-1>());
    check!(cases, "mean_axis/empty", |x: Rank2<0, 3>| x.mean_axis::<0>());
    check!(cases, "mean_keepdim/first", |x: Rank2<2, 3>| x.mean_keepdim::<0>());
    check!(cases, "mean_keepdim/last", |x: Rank2<2, 3>| x.mean_keepdim::<-1>());
}

fn max(cases: &mut Cases) {
    check!(cases, "max/all", |x: Rank2<2, 3>| x.max());
    check!(cases, "max/scalar", |x: Rank0| x.max());
    check!(cases, "max/ties", |x: Rank2<2, 3>| x.max());
    check!(cases, "max/nan", |x: Rank1<3>| x.max());
    check!(cases, "max/infinity", |x: Rank1<3>| x.max());
    check!(cases, "max_axis/first", |x: Rank3<2, 3, 2>| x.max_axis::<0>());
    check!(cases, "max_axis/middle", |x: Rank3<2, 3, 2>| x.max_axis::<1>());
    check!(cases, "max_axis/last", |x: Rank3<2, 3, 2>| x.max_axis::<-1>());
    check!(cases, "max_axis/size_one", |x: Rank2<3, 1>| x.max_axis::<1>());
    check!(cases, "max_keepdim/first", |x: Rank2<2, 3>| x.max_keepdim::<0>());
    check!(cases, "max_keepdim/last", |x: Rank2<2, 3>| x.max_keepdim::<-1>());
    check!(cases, "max_axis_with_indices/random", |x: Rank2<3, 4>| x.max_axis_with_indices::<-1>());
    check!(cases, "max_axis_with_indices/ties", |x: Rank2<2, 3>| x.max_axis_with_indices::<-1>());
    check!(cases, "max_axis_with_indices/corners", |x: Rank2<5, 3>| x.max_axis_with_indices::<-1>());
    check!(cases, "max_axis_with_indices/ties_first", |x: Rank2<2, 3>| x.max_axis_with_indices::<0>());
}

fn argmax(cases: &mut Cases) {
    check!(cases, "argmax/random", |x: Rank2<3, 4>| x.argmax());
    check!(cases, "argmin/random", |x: Rank2<3, 4>| x.argmin());
    check!(cases, "argmax/ties", |x: Rank2<2, 3>| x.argmax());
    check!(cases, "argmin/ties", |x: Rank2<2, 3>| x.argmin());
    check!(cases, "argmax/nan", |x: Rank2<5, 3>| x.argmax());
    check!(cases, "argmin/nan", |x: Rank2<5, 3>| x.argmin());
    check!(cases, "argmax_axis/first", |x: Rank2<3, 4>| x.argmax_axis::<0>());
    check!(cases, "argmin_axis/first", |x: Rank2<3, 4>| x.argmin_axis::<0>());
    check!(cases, "argmax_axis/middle", |x: Rank3<2, 3, 2>| x.argmax_axis::<1>());
    check!(cases, "argmax_axis/ties", |x: Rank2<2, 3>| x.argmax_axis::<-1>());
    check!(cases, "argmin_axis/ties", |x: Rank2<2, 3>| x.argmin_axis::<-1>());
    check!(cases, "argmax_axis/corners", |x: Rank2<5, 3>| x.argmax_axis::<-1>());
    check!(cases, "argmin_axis/corners", |x: Rank2<5, 3>| x.argmin_axis::<-1>());
}

fn softmax(cases: &mut Cases) {
    check!(cases, "softmax/first", |x: Rank3<2, 3, 2>| x.softmax::<0>());
    check!(cases, "softmax/middle", |x: Rank3<2, 3, 2>| x.softmax::<1>());
    check!(cases, "softmax/last", |x: Rank3<2, 3, 2>| x.softmax::<-1>());
    check!(cases, "softmax/large", |x: Rank2<3, 3>| x.softmax::<-1>());
    check!(cases, "softmax/one", |x: Rank2<3, 1>| x.softmax::<-1>());
    check!(cases, "softmax/empty", |x: Rank2<3, 0>| x.softmax::<-1>());
    check!(cases, "softmax/masked", |x: Rank2<2, 3>| x.softmax::<-1>());
    check!(cases, "softmax/corners", |x: Rank2<5, 3>| x.softmax::<-1>());
    check!(cases, "log_softmax/first", |x: Rank3<2, 3, 2>| x.log_softmax::<0>());
    check!(cases, "log_softmax/middle", |x: Rank3<2, 3, 2>| x.log_softmax::<1>());
    check!(cases, "log_softmax/last", |x: Rank3<2, 3, 2>| x.log_softmax::<-1>());
    check!(cases, "log_softmax/large", |x: Rank2<3, 3>| x.log_softmax::<-1>());
    check!(cases, "log_softmax/one", |x: Rank2<3, 1>| x.log_softmax::<-1>());
    check!(cases, "log_softmax/empty", |x: Rank2<3, 0>| x.log_softmax::<-1>());
    check!(cases, "log_softmax/masked", |x: Rank2<2, 3>| x.log_softmax::<-1>());
    check!(cases, "log_softmax/corners", |x: Rank2<5, 3>| x.log_softmax::<-1>());
    layer!(cases, "softmax/layer", train, Softmax<0>, Rank2<3, 4>);
    layer!(cases, "log_softmax/layer", train, LogSoftmax<-1>, Rank2<3, 4>);
}

fn integers(cases: &mut Cases) {
    check!(cases, "max/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.max()));
    check!(cases, "argmax_axis/of_integers", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.argmax_axis::<-1>()));
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

fn max_and_min(cases: &mut Cases) {
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

/// A reduction in its forms.
macro_rules! forms {
    ($cases:ident, $name:literal, $all:ident $axis:ident $keepdim:ident $axes:ident $axes_keepdim:ident) => {
        check!($cases, concat!($name, "/form_all"), |x: Rank2<2, 3>| x.$all());
        check!($cases, concat!($name, "/form_axis"), |x: Rank3<2, 3, 2>| x.$axis::<1>());
        check!($cases, concat!($name, "/form_keepdim"), |x: Rank2<2, 3>| x.$keepdim::<0>());
        check!($cases, concat!($name, "/form_axes"), |x: Rank3<2, 3, 2>| x.$axes::<Axes2<0, 2>>());
        check!($cases, concat!($name, "/form_axes_keepdim"), |x: Rank3<2, 3, 2>| x
            .$axes_keepdim::<Axes2<0, -1>>());
        check!($cases, concat!($name, "/form_corners"), |x: Rank2<6, 3>| x.$axis::<-1>());
        check!($cases, concat!($name, "/form_constant"), |x: Rank2<2, 3>| x.$axis::<-1>());
    };
}

/// A variance or deviation with another divisor.
macro_rules! corrections {
    ($cases:ident, $name:literal, $axis:ident $all_with:ident $axis_with:ident $keepdim_with:ident $axes_with:ident) => {
        check!($cases, concat!($name, "/form_one"), |x: Rank2<2, 1>| x.$axis::<-1>());
        check!($cases, concat!($name, "/form_with_all"), |x: Rank2<2, 3>| x.$all_with(0));
        check!($cases, concat!($name, "/form_with_axis"), |x: Rank2<2, 3>| x.$axis_with::<-1>(0));
        check!($cases, concat!($name, "/form_with_keepdim"), |x: Rank2<4, 2>| x.$keepdim_with::<0>(2));
        check!($cases, concat!($name, "/form_with_axes"), |x: Rank3<2, 3, 2>| x.$axes_with::<Axes2<0, 2>>(0));
        check!($cases, concat!($name, "/form_with_none_left"), |x: Rank2<2, 3>| x.$axis_with::<-1>(3));
        check!($cases, concat!($name, "/form_far_from_zero"), |x: Rank2<1, 3>| x.$axis::<-1>());
    };
}

fn means(cases: &mut Cases) {
    forms!(cases, "sum", sum sum_axis sum_keepdim sum_axes sum_axes_keepdim);
    forms!(cases, "mean", mean mean_axis mean_keepdim mean_axes mean_axes_keepdim);
}

fn forms_of_amax_and_amin(cases: &mut Cases) {
    forms!(cases, "amax", amax amax_axis amax_keepdim amax_axes amax_axes_keepdim);
    forms!(cases, "amin", amin amin_axis amin_keepdim amin_axes amin_axes_keepdim);
    forms!(cases, "logsumexp", logsumexp logsumexp_axis logsumexp_keepdim logsumexp_axes logsumexp_axes_keepdim);
    check!(cases, "logsumexp/large", |x: Rank2<4, 2>| x.logsumexp_axis::<-1>());
}

fn norm_forms(cases: &mut Cases) {
    forms!(cases, "norm", norm norm_axis norm_keepdim norm_axes norm_axes_keepdim);
    macro_rules! exponents {
        ($($name:literal = $p:expr,)+) => { $(
            check!(cases, concat!("norm/p=", $name), |x: Rank2<2, 3>| x.norm_axis_with::<-1>($p));
            check!(cases, concat!("norm/p=", $name, "_zeros"), |x: Rank2<2, 3>| x.norm_axis_with::<-1>($p));
        )+ };
    }
    exponents! {
        "0" = 0.0,
        "1" = 1.0,
        "3" = 3.0,
        "-1" = -1.0,
        "inf" = f64::INFINITY,
        "-inf" = f64::NEG_INFINITY,
        "2.5" = 2.5,
    }
    check!(cases, "norm/p=1_all", |x: Rank2<2, 3>| x.norm_with(1.0));
    check!(cases, "norm/p=3_axes", |x: Rank3<2, 3, 2>| x.norm_axes_with::<Axes2<0, 2>>(3.0));
    check!(cases, "norm/p=3_keepdim", |x: Rank3<2, 3, 2>| x.norm_keepdim_with::<1>(3.0));
    check!(cases, "norm/p=3_axes_keepdim", |x: Rank3<2, 3, 2>| x.norm_axes_keepdim_with::<Axes2<0, 2>>(3.0));
}

fn variances(cases: &mut Cases) {
    forms!(cases, "var", var var_axis var_keepdim var_axes var_axes_keepdim);
    forms!(cases, "std", std std_axis std_keepdim std_axes std_axes_keepdim);
    corrections!(cases, "var", var_axis var_with var_axis_with var_keepdim_with var_axes_with);
    corrections!(cases, "std", std_axis std_with std_axis_with std_keepdim_with std_axes_with);
}

fn more_products(cases: &mut Cases) {
    check!(cases, "prod/axis", |x: Rank3<2, 3, 2>| x.prod_axis::<1>());
    check!(cases, "prod/keepdim", |x: Rank2<2, 3>| x.prod_keepdim::<0>());
    check!(cases, "prod/zeros", |x: Rank2<3, 3>| x.prod_axis::<-1>());
    check!(cases, "prod/all_one_zero", |x: Rank1<3>| x.prod());
    check!(cases, "prod/all_two_zeros", |x: Rank1<3>| x.prod());
    check!(cases, "cumsum/first_of_two", |x: Rank2<3, 2>| x.cumsum::<0>());
    check!(cases, "cumsum/last_of_two", |x: Rank2<2, 3>| x.cumsum::<-1>());
    check!(cases, "cumsum/middle", |x: Rank3<2, 3, 2>| x.cumsum::<1>());
    check!(cases, "cumsum/corners_of_six", |x: Rank2<6, 3>| x.cumsum::<-1>());
}

fn min_and_argmin(cases: &mut Cases) {
    check!(cases, "min/all", |x: Rank2<2, 3>| x.min());
    check!(cases, "min/first_ties", |x: Rank2<2, 3>| x.min());
    check!(cases, "min_axis/middle", |x: Rank3<2, 3, 2>| x.min_axis::<1>());
    check!(cases, "min_axis_with_indices/corners_of_six", |x: Rank2<6, 3>| x.min_axis_with_indices::<-1>());
    check!(cases, "argmax_keepdim/last", |x: Rank2<2, 3>| x.argmax_keepdim::<-1>());
    check!(cases, "argmin_keepdim/first", |x: Rank2<2, 3>| x.argmin_keepdim::<0>());
}

fn counts(cases: &mut Cases) {
    check!(cases, "all/axis_corners", |x: Rank2<6, 3>| x.all_axis::<-1>());
    check!(cases, "all/whole", |x: Rank2<6, 3>| x.all());
    check!(cases, "all/keepdim", |x: Rank2<6, 3>| x.all_keepdim::<0>());
    check!(cases, "all/empty", |x: Rank1<0>| x.all());
    check!(cases, "any/axis_corners", |x: Rank2<6, 3>| x.any_axis::<-1>());
    check!(cases, "any/whole", |x: Rank2<6, 3>| x.any());
    check!(cases, "any/keepdim", |x: Rank2<6, 3>| x.any_keepdim::<0>());
    check!(cases, "any/empty", |x: Rank1<0>| x.any());
    check!(cases, "count_nonzero/whole", |x: Rank2<6, 3>| x.count_nonzero());
    check!(cases, "count_nonzero/axis", |x: Rank2<6, 3>| x.count_nonzero_axis::<-1>());
}

fn kept_and_corrected(cases: &mut Cases) {
    check!(cases, "max_keepdim_with_indices/first", |x: Rank2<3, 4>| x.max_keepdim_with_indices::<0>());
    check!(cases, "max_keepdim_with_indices/corners", |x: Rank2<5, 3>| x.max_keepdim_with_indices::<-1>());
    check!(cases, "min_keepdim_with_indices/first", |x: Rank2<3, 4>| x.min_keepdim_with_indices::<0>());
    check!(cases, "min_keepdim_with_indices/corners", |x: Rank2<5, 3>| x.min_keepdim_with_indices::<-1>());
    check!(cases, "var_with/fraction", |x: Rank2<2, 3>| x.var_with(1.5));
    check!(cases, "var_axis_with/negative", |x: Rank3<2, 3, 2>| x.var_axis_with::<1>(-2));
    check!(cases, "var_axis_with/less_than_none_left", |x: Rank2<2, 3>| x.var_axis_with::<-1>(3.5));
    check!(cases, "var_keepdim_with/almost_none_left", |x: Rank2<2, 3>| x.var_keepdim_with::<-1>(2.75));
    check!(cases, "std_with/fraction", |x: Rank2<2, 3>| x.std_with(1.5));
    check!(cases, "std_axis_with/negative", |x: Rank3<2, 3, 2>| x.std_axis_with::<1>(-2));
    check!(cases, "std_axis_with/less_than_none_left", |x: Rank2<2, 3>| x.std_axis_with::<-1>(3.5));
    check!(cases, "std_keepdim_with/almost_none_left", |x: Rank2<2, 3>| x.std_keepdim_with::<-1>(2.75));
}

fn running(cases: &mut Cases) {
    check!(cases, "cumprod/first", |x: Rank2<4, 3>| x.cumprod::<0>());
    check!(cases, "cummax/first", |x: Rank2<4, 3>| x.cummax::<0>());
    check!(cases, "cummin/first", |x: Rank2<4, 3>| x.cummin::<0>());
    check!(cases, "median_axis_with_indices/first", |x: Rank2<4, 3>| x.median_axis_with_indices::<0>());
    check!(cases, "median_keepdim/first", |x: Rank2<4, 3>| x.median_keepdim::<0>());
    check!(cases, "quantile_axis/first", |x: Rank2<4, 3>| x.quantile_axis::<0>(0.3));
    check!(cases, "quantile_keepdim/first", |x: Rank2<4, 3>| x.quantile_keepdim::<0>(0.75));
    check!(cases, "diff/first", |x: Rank2<4, 3>| x.diff::<0>());
    check!(cases, "cumprod/middle", |x: Rank3<2, 5, 3>| x.cumprod::<1>());
    check!(cases, "cummax/middle", |x: Rank3<2, 5, 3>| x.cummax::<1>());
    check!(cases, "cummin/middle", |x: Rank3<2, 5, 3>| x.cummin::<1>());
    check!(cases, "median_axis_with_indices/middle", |x: Rank3<2, 5, 3>| x.median_axis_with_indices::<1>());
    check!(cases, "median_keepdim/middle", |x: Rank3<2, 5, 3>| x.median_keepdim::<1>());
    check!(cases, "quantile_axis/middle", |x: Rank3<2, 5, 3>| x.quantile_axis::<1>(0.3));
    check!(cases, "quantile_keepdim/middle", |x: Rank3<2, 5, 3>| x.quantile_keepdim::<1>(0.75));
    check!(cases, "diff/middle", |x: Rank3<2, 5, 3>| x.diff::<1>());
    check!(cases, "cumprod/last", |x: Rank2<3, 7>| x.cumprod::<-1>());
    check!(cases, "cummax/last", |x: Rank2<3, 7>| x.cummax::<-1>());
    check!(cases, "cummin/last", |x: Rank2<3, 7>| x.cummin::<-1>());
    check!(cases, "median_axis_with_indices/last", |x: Rank2<3, 7>| x.median_axis_with_indices::<-1>());
    check!(cases, "median_keepdim/last", |x: Rank2<3, 7>| x.median_keepdim::<-1>());
    check!(cases, "quantile_axis/last", |x: Rank2<3, 7>| x.quantile_axis::<-1>(0.3));
    check!(cases, "quantile_keepdim/last", |x: Rank2<3, 7>| x.quantile_keepdim::<-1>(0.75));
    check!(cases, "diff/last", |x: Rank2<3, 7>| x.diff::<-1>());
    check!(cases, "cumprod/zeros", |x: Rank2<2, 5>| x.cumprod::<-1>());
    check!(cases, "cummax/corners", |x: Rank2<1, 7>| x.cummax::<-1>());
    check!(cases, "cummin/corners", |x: Rank2<1, 7>| x.cummin::<-1>());
}

fn medians(cases: &mut Cases) {
    check!(cases, "median/all", |x: Rank2<3, 4>| x.median());
    check!(cases, "median/ties", |x: Rank1<4>| x.median());
    check!(cases, "median/nan", |x: Rank1<4>| x.median());
    check!(cases, "median_axis/nan", |x: Rank2<2, 4>| x.median_axis::<-1>());
    check!(cases, "quantile/all", |x: Rank2<3, 4>| x.quantile(0.4));
    check!(cases, "quantile/ends", |x: Rank2<3, 4>| x.quantile(1.0));
    check!(cases, "quantile_axis/nan", |x: Rank2<4, 4>| x.quantile_axis::<-1>(0.6));
    for (name, mode) in [
        ("lower", QuantileMode::Lower),
        ("higher", QuantileMode::Higher),
        ("midpoint", QuantileMode::Midpoint),
        ("nearest", QuantileMode::Nearest),
    ] {
        check!(cases, &format!("quantile_with/{name}"), |x: Rank2<3, 4>| x.quantile_with(0.4, mode));
        check!(cases, &format!("quantile_axis_with/{name}"), |x: Rank2<6, 3>| x
            .quantile_axis_with::<0>(0.5, mode));
        check!(cases, &format!("nanquantile_axis_with/{name}"), |x: Rank2<4, 4>| x
            .nanquantile_axis_with::<-1>(0.7, mode));
        check!(cases, &format!("quantile_keepdim_with/{name}"), |x: Rank3<2, 5, 3>| x
            .quantile_keepdim_with::<1>(0.3, mode));
        check!(cases, &format!("nanquantile_with/{name}"), |x: Rank1<5>| x.nanquantile_with(0.4, mode));
        check!(cases, &format!("nanquantile_keepdim_with/{name}"), |x: Rank2<4, 3>| x
            .nanquantile_keepdim_with::<0>(0.6, mode));
    }
    check!(cases, "nanquantile/all", |x: Rank1<5>| x.nanquantile(0.4));
    check!(cases, "nanquantile_axis/nan", |x: Rank2<4, 4>| x.nanquantile_axis::<-1>(0.6));
    check!(cases, "nanquantile_axis/gradient", |x: Rank2<3, 2>| x.nanquantile_axis::<0>(0.6));
    check!(cases, "nanquantile_keepdim/nan", |x: Rank2<4, 4>| x.nanquantile_keepdim::<0>(0.25));
}

fn without_nan(cases: &mut Cases) {
    check!(cases, "nansum/all", |x: Rank2<4, 4>| x.nansum());
    check!(cases, "nansum_axis/last", |x: Rank2<4, 4>| x.nansum_axis::<-1>());
    check!(cases, "nansum_keepdim/first", |x: Rank2<4, 4>| x.nansum_keepdim::<0>());
    check!(cases, "nansum_axes/apart", |x: Rank3<2, 4, 4>| x.nansum_axes::<Axes2<0, 2>>());
    check!(cases, "nanmean/all", |x: Rank2<2, 2>| x.nanmean());
    check!(cases, "nanmean_axis/last", |x: Rank2<4, 4>| x.nanmean_axis::<-1>());
    check!(cases, "nanmean_keepdim/first", |x: Rank2<4, 4>| x.nanmean_keepdim::<0>());
    check!(cases, "nanmean_axes/apart", |x: Rank3<2, 4, 4>| x.nanmean_axes::<Axes2<0, 2>>());
    check!(cases, "trace/wide", |x: Rank2<3, 5>| x.trace());
    check!(cases, "trace/high", |x: Rank2<4, 2>| x.trace());
    check!(cases, "histc/some", |x: Rank1<9>| x.histc::<5>(-1.0, 2.0));
    check!(cases, "histc/all", |x: Rank1<4>| x.histc::<3>(0.0, 0.0));
    check!(cases, "sum/mask", |x: Rank1<1>; mask: Rank2<2, 2> as bool| (x, mask.sum()));
    check!(cases, "sum_axis/mask", |x: Rank1<1>; mask: Rank2<2, 2> as bool| (x, mask.sum_axis::<0>()));
}
