//! The operations the library began with.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn basics() {
    let mut cases = Cases::of("basics");

    check!(cases, "add/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a + b);
    check!(cases, "add/leading_axis", |a: Rank2<4, 3>, b: Rank1<3>| a + b);
    check!(cases, "add/longer_right", |a: Rank1<3>, b: Rank3<2, 4, 3>| a + b);
    check!(cases, "add/scalar_right", |a: Rank2<2, 3>, b: Rank0| a + b);
    check!(cases, "add/number", |x: Rank1<9>| x + 1.5);
    check!(cases, "add/corners", |a: Rank1<9>, b: Rank1<9>| a + b);
    check!(cases, "add/empty", |a: Rank2<2, 0>, b: Rank2<2, 0>| a + b);
    check!(cases, "add/integers", |x: Rank1<2>; k: Rank2<2, 2> as i64| (x + 1.0, k.clone() + k));

    check!(cases, "mul/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a * b);
    check!(cases, "mul/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a * b);
    check!(cases, "mul/longer_right", |a: Rank1<3>, b: Rank2<4, 3>| a * b);
    check!(cases, "mul/number", |x: Rank1<9>| x * -2.0);
    check!(cases, "mul/corners", |a: Rank1<9>, b: Rank1<9>| a * b);

    check!(cases, "relu/corners", |x: Rank1<9>| x.relu());
    check!(cases, "relu/matrix", |x: Rank2<3, 4>| x.relu());

    check!(cases, "powi/-2", |x: Rank1<7>| x.powi(-2));
    check!(cases, "powi/-1", |x: Rank1<7>| x.powi(-1));
    check!(cases, "powi/0", |x: Rank1<7>| x.powi(0));
    check!(cases, "powi/1", |x: Rank1<7>| x.powi(1));
    check!(cases, "powi/2", |x: Rank1<7>| x.powi(2));
    check!(cases, "powi/3", |x: Rank1<7>| x.powi(3));
    check!(cases, "powi/0_at_zero", |x: Rank1<2>| x.powi(0));
    check!(cases, "powi/1_at_zero", |x: Rank1<2>| x.powi(1));
    check!(cases, "powi/2_at_zero", |x: Rank1<2>| x.powi(2));
    check!(cases, "powi/3_at_zero", |x: Rank1<2>| x.powi(3));

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

    check!(cases, "reshape/flat", |x: Rank2<2, 3>| x.reshape::<Rank1<6>>());
    check!(cases, "reshape/deep", |x: Rank2<2, 6>| x.reshape::<Rank3<3, 1, 4>>());

    check!(cases, "linear/matrix", |x: Rank2<2, 3>, w: Rank2<4, 3>| x.linear(w));
    check!(cases, "linear/vector", |x: Rank1<3>, w: Rank2<2, 3>| x.linear(w));
    check!(cases, "linear/deep", |x: Rank3<2, 2, 3>, w: Rank2<4, 3>| x.linear(w));
    check!(cases, "linear/bias", |x: Rank2<2, 3>, w: Rank2<4, 3>, b: Rank1<4>| x.linear(w) + b);
    check!(cases, "linear/no_rows", |x: Rank2<0, 3>, w: Rank2<4, 3>| x.linear(w));

    cases.finish();
}
