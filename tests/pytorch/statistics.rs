//! Reductions beyond those of `reduce.rs`: over all, one or several axes, with and without keepdim.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

/// A reduction in its forms.
macro_rules! forms {
    ($cases:ident, $name:literal, $all:ident $axis:ident $keepdim:ident $axes:ident $axes_keepdim:ident) => {
        check!($cases, concat!($name, "/all"), |x: Rank2<2, 3>| x.$all());
        check!($cases, concat!($name, "/axis"), |x: Rank3<2, 3, 2>| x.$axis::<1>());
        check!($cases, concat!($name, "/keepdim"), |x: Rank2<2, 3>| x.$keepdim::<0>());
        check!($cases, concat!($name, "/axes"), |x: Rank3<2, 3, 2>| x.$axes::<Axes2<0, 2>>());
        check!($cases, concat!($name, "/axes_keepdim"), |x: Rank3<2, 3, 2>| x
            .$axes_keepdim::<Axes2<0, -1>>());
        check!($cases, concat!($name, "/corners"), |x: Rank2<6, 3>| x.$axis::<-1>());
        check!($cases, concat!($name, "/constant"), |x: Rank2<2, 3>| x.$axis::<-1>());
    };
}

/// A variance or deviation with another divisor.
macro_rules! corrections {
    ($cases:ident, $name:literal, $axis:ident $all_with:ident $axis_with:ident $keepdim_with:ident $axes_with:ident) => {
        check!($cases, concat!($name, "/one"), |x: Rank2<2, 1>| x.$axis::<-1>());
        check!($cases, concat!($name, "/with_all"), |x: Rank2<2, 3>| x.$all_with(0));
        check!($cases, concat!($name, "/with_axis"), |x: Rank2<2, 3>| x.$axis_with::<-1>(0));
        check!($cases, concat!($name, "/with_keepdim"), |x: Rank2<4, 2>| x.$keepdim_with::<0>(2));
        check!($cases, concat!($name, "/with_axes"), |x: Rank3<2, 3, 2>| x.$axes_with::<Axes2<0, 2>>(0));
        check!($cases, concat!($name, "/with_none_left"), |x: Rank2<2, 3>| x.$axis_with::<-1>(3));
        check!($cases, concat!($name, "/far_from_zero"), |x: Rank2<1, 3>| x.$axis::<-1>());
    };
}

#[test]
fn statistics() {
    let mut cases = Cases::of("statistics");
    means(&mut cases);
    extremes(&mut cases);
    norms(&mut cases);
    variances(&mut cases);
    products(&mut cases);
    indices(&mut cases);
    counts(&mut cases);
    cases.finish();
}

fn means(cases: &mut Cases) {
    forms!(cases, "sum", sum sum_axis sum_keepdim sum_axes sum_axes_keepdim);
    forms!(cases, "mean", mean mean_axis mean_keepdim mean_axes mean_axes_keepdim);
}

fn extremes(cases: &mut Cases) {
    forms!(cases, "amax", amax amax_axis amax_keepdim amax_axes amax_axes_keepdim);
    forms!(cases, "amin", amin amin_axis amin_keepdim amin_axes amin_axes_keepdim);
    forms!(cases, "logsumexp", logsumexp logsumexp_axis logsumexp_keepdim logsumexp_axes logsumexp_axes_keepdim);
    check!(cases, "logsumexp/large", |x: Rank2<4, 2>| x.logsumexp_axis::<-1>());
}

fn norms(cases: &mut Cases) {
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
    check!(cases, "normalize/last", |x: Rank2<2, 3>| x.normalize::<-1>());
    check!(cases, "normalize/first", |x: Rank2<2, 3>| x.normalize::<0>());
    check!(cases, "normalize/zeros", |x: Rank2<2, 2>| x.normalize::<-1>());
}

fn variances(cases: &mut Cases) {
    forms!(cases, "var", var var_axis var_keepdim var_axes var_axes_keepdim);
    forms!(cases, "std", std std_axis std_keepdim std_axes std_axes_keepdim);
    corrections!(cases, "var", var_axis var_with var_axis_with var_keepdim_with var_axes_with);
    corrections!(cases, "std", std_axis std_with std_axis_with std_keepdim_with std_axes_with);
}

fn products(cases: &mut Cases) {
    check!(cases, "prod/all", |x: Rank2<2, 3>| x.prod());
    check!(cases, "prod/axis", |x: Rank3<2, 3, 2>| x.prod_axis::<1>());
    check!(cases, "prod/keepdim", |x: Rank2<2, 3>| x.prod_keepdim::<0>());
    check!(cases, "prod/zeros", |x: Rank2<3, 3>| x.prod_axis::<-1>());
    check!(cases, "prod/all_one_zero", |x: Rank1<3>| x.prod());
    check!(cases, "prod/all_two_zeros", |x: Rank1<3>| x.prod());
    check!(cases, "prod/empty", |x: Rank1<0>| x.prod());
    check!(cases, "cumsum/first", |x: Rank2<3, 2>| x.cumsum::<0>());
    check!(cases, "cumsum/last", |x: Rank2<2, 3>| x.cumsum::<-1>());
    check!(cases, "cumsum/middle", |x: Rank3<2, 3, 2>| x.cumsum::<1>());
    check!(cases, "cumsum/corners", |x: Rank2<6, 3>| x.cumsum::<-1>());
}

fn indices(cases: &mut Cases) {
    check!(cases, "min/all", |x: Rank2<2, 3>| x.min());
    check!(cases, "min/ties", |x: Rank2<2, 3>| x.min());
    check!(cases, "min_axis/middle", |x: Rank3<2, 3, 2>| x.min_axis::<1>());
    check!(cases, "min_keepdim/first", |x: Rank2<2, 3>| x.min_keepdim::<0>());
    check!(cases, "min_axis_with_indices/corners", |x: Rank2<6, 3>| x.min_axis_with_indices::<-1>());
    check!(cases, "argmax_keepdim/last", |x: Rank2<2, 3>| x.argmax_keepdim::<-1>());
    check!(cases, "argmin_keepdim/first", |x: Rank2<2, 3>| x.argmin_keepdim::<0>());
}

fn counts(cases: &mut Cases) {
    check!(cases, "all/corners", |x: Rank2<6, 3>| x.all_axis::<-1>());
    check!(cases, "all/whole", |x: Rank2<6, 3>| x.all());
    check!(cases, "all/keepdim", |x: Rank2<6, 3>| x.all_keepdim::<0>());
    check!(cases, "all/empty", |x: Rank1<0>| x.all());
    check!(cases, "any/corners", |x: Rank2<6, 3>| x.any_axis::<-1>());
    check!(cases, "any/whole", |x: Rank2<6, 3>| x.any());
    check!(cases, "any/keepdim", |x: Rank2<6, 3>| x.any_keepdim::<0>());
    check!(cases, "any/empty", |x: Rank1<0>| x.any());
    check!(cases, "count_nonzero/whole", |x: Rank2<6, 3>| x.count_nonzero());
    check!(cases, "count_nonzero/axis", |x: Rank2<6, 3>| x.count_nonzero_axis::<-1>());
}
