//! Reductions, softmax and losses. The sums are in `basics.rs`.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn reduce() {
    let mut cases = Cases::of("reduce");
    mean(&mut cases);
    max(&mut cases);
    argmax(&mut cases);
    softmax(&mut cases);
    losses(&mut cases);
    cases.finish();
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
}

fn losses(cases: &mut Cases) {
    check!(cases, "cross_entropy/random", |x: Rank2<4, 3>; labels: Rank1<4> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/large", |x: Rank2<3, 3>; labels: Rank1<3> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/one_class", |x: Rank2<2, 1>; labels: Rank1<2> as i64| x.cross_entropy(&labels));
    check!(cases, "cross_entropy/infinity", |x: Rank2<2, 3>; labels: Rank1<2> as i64| x.cross_entropy(&labels));
    check!(cases, "mse/matrix", |x: Rank2<2, 3>, y: Rank2<2, 3>| x.mse_loss(y));
    check!(cases, "mse/scalar", |x: Rank0, y: Rank0| x.mse_loss(y));
    check!(cases, "mse/corners", |x: Rank1<3>, y: Rank1<3>| x.mse_loss(y));
}
