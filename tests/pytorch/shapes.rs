//! What moves elements: axes exchanged, cut, put together.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn shapes() {
    let mut cases = Cases::of("shapes");
    exchanged(&mut cases);
    cut(&mut cases);
    together(&mut cases);
    cases.finish();
}

fn exchanged(cases: &mut Cases) {
    check!(cases, "transpose/matrix", |x: Rank2<2, 3>| x.transpose::<0, 1>());
    check!(cases, "transpose/outer", |x: Rank3<2, 3, 4>| x.transpose::<0, 2>());
    check!(cases, "transpose/last", |x: Rank3<2, 3, 4>| x.transpose::<-1, -2>());
    check!(cases, "transpose/same", |x: Rank2<2, 3>| x.transpose::<1, 1>());
    check!(cases, "transpose/deep", |x: Rank4<1, 2, 2, 3>| x.transpose::<1, -1>());
    check!(cases, "transpose/empty", |x: Rank2<0, 3>| x.transpose::<0, 1>());
    check!(cases, "t/matrix", |x: Rank2<3, 2>| x.t());
    check!(cases, "t/row", |x: Rank2<1, 3>| x.t());
}

fn cut(cases: &mut Cases) {
    check!(cases, "narrow/first", |x: Rank2<4, 3>| x.narrow::<0, 1, 2>());
    check!(cases, "narrow/middle", |x: Rank3<2, 3, 2>| x.narrow::<1, 0, 1>());
    check!(cases, "narrow/last", |x: Rank2<2, 3>| x.narrow_from::<-1, 2>(1));
    check!(cases, "narrow/all", |x: Rank1<3>| x.narrow::<0, 0, 3>());
    check!(cases, "narrow/none", |x: Rank1<3>| x.narrow::<0, 3, 0>());
    check!(cases, "select/first", |x: Rank2<3, 2>| x.select::<0>(1));
    check!(cases, "select/middle", |x: Rank3<2, 3, 2>| x.select_at::<1, 2>());
    check!(cases, "select/last", |x: Rank2<2, 3>| x.select::<-1>(0));
    check!(cases, "select/negative", |x: Rank2<2, 3>| x.select_at::<1, -1>());
    check!(cases, "select/vector", |x: Rank1<3>| x.select::<0>(1));
}

fn together(cases: &mut Cases) {
    check!(cases, "cat/first", |a: Rank2<1, 3>, b: Rank2<2, 3>| (a, b).cat::<0>());
    check!(cases, "cat/last", |a: Rank2<2, 1>, b: Rank2<2, 3>| (a, b).cat::<-1>());
    check!(cases, "cat/middle", |a: Rank3<2, 1, 2>, b: Rank3<2, 2, 2>| (a, b).cat::<1>());
    check!(cases, "cat/three", |a: Rank1<1>, b: Rank1<2>, c: Rank1<3>| (a, b, c).cat::<0>());
    check!(cases, "cat/empty", |a: Rank2<0, 2>, b: Rank2<2, 2>| (a, b).cat::<0>());
    check!(cases, "cat/array", |a: Rank2<2, 2>, b: Rank2<2, 2>| [a, b].cat::<1>());
    check!(cases, "stack/first", |a: Rank1<3>, b: Rank1<3>| (a, b).stack::<0>());
    check!(cases, "stack/last", |a: Rank2<2, 3>, b: Rank2<2, 3>| (a, b).stack::<-1>());
    check!(cases, "stack/middle", |a: Rank2<2, 3>, b: Rank2<2, 3>, c: Rank2<2, 3>| (a, b, c).stack::<1>());
    check!(cases, "stack/scalars", |a: Rank0, b: Rank0| (a, b).stack::<0>());
    check!(cases, "stack/array", |a: Rank2<2, 2>, b: Rank2<2, 2>| [a, b].stack::<1>());
}
