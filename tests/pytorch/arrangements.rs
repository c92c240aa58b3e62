//! Elements taken apart, turned, repeated and padded.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn arrangements() {
    let mut cases = Cases::of("arrangements");
    apart(&mut cases);
    axes(&mut cases);
    moved(&mut cases);
    padded(&mut cases);
    triangles(&mut cases);
    cases.finish();
}

fn apart(cases: &mut Cases) {
    check!(cases, "split/first", |x: Rank2<2, 3>| x.shared(|x| x.split::<1, Rank2<1, 2>>().0));
    check!(cases, "split/both", |x: Rank2<2, 3>| x.shared(|x| {
        let (a, b) = x.split::<1, Rank2<1, 2>>();
        a.expand() * b
    }));
    check!(cases, "split/three", |x: Rank2<4, 2>| x.shared(|x| x.split::<0, Rank3<1, 2, 1>>().1));
    check!(cases, "chunk/both", |x: Rank2<4, 2>| x.shared(|x| {
        let [a, b] = x.chunk::<0, 2>();
        a * b
    }));
    check!(cases, "chunk/last", |x: Rank2<2, 6>| x.shared(|x| {
        let [_, _, c] = x.chunk::<-1, 3>();
        c
    }));
    check!(cases, "unbind/first", |x: Rank2<2, 3>| x.shared(|x| {
        let [a, b] = x.unbind::<0>();
        a * b
    }));
    check!(cases, "unbind/last", |x: Rank2<2, 3>| x.shared(|x| {
        let [_, b, _] = x.unbind::<-1>();
        b
    }));
}

fn axes(cases: &mut Cases) {
    check!(cases, "flatten/all", |x: Rank3<2, 3, 2>| x.flatten());
    check!(cases, "flatten/scalar", |x: Rank0| x.flatten());
    check!(cases, "flatten/axes", |x: Rank3<2, 3, 2>| x.flatten_axes::<1, -1>());
    check!(cases, "flatten/front", |x: Rank3<2, 3, 2>| x.flatten_axes::<0, 1>());
    check!(cases, "squeeze/last", |x: Rank2<2, 1>| x.squeeze::<-1>());
    check!(cases, "squeeze/first", |x: Rank2<1, 2>| x.squeeze::<0>());
    check!(cases, "unsqueeze/first", |x: Rank1<2>| x.unsqueeze::<0>());
    check!(cases, "unsqueeze/last", |x: Rank2<2, 3>| x.unsqueeze::<-1>());
}

fn moved(cases: &mut Cases) {
    check!(cases, "permute/three", |x: Rank3<2, 3, 4>| x.permute::<Axes3<2, 0, 1>>());
    check!(cases, "permute/four", |x: Rank4<2, 2, 1, 3>| x.permute::<Axes4<0, -1, 1, 2>>());
    check!(cases, "movedim/back", |x: Rank3<2, 3, 4>| x.movedim::<0, -1>());
    check!(cases, "movedim/front", |x: Rank3<2, 3, 4>| x.movedim::<2, 0>());
    check!(cases, "flip/first", |x: Rank2<3, 2>| x.flip::<0>());
    check!(cases, "flip/last", |x: Rank2<2, 3>| x.flip::<-1>());
    check!(cases, "repeat/vector", |x: Rank1<2>| x.repeat::<Rank2<2, 2>>());
    check!(cases, "repeat/matrix", |x: Rank2<2, 2>| x.repeat::<Rank2<1, 3>>());
    check!(cases, "repeat/deep", |x: Rank2<2, 2>| x.repeat::<Rank3<2, 1, 2>>());
    check!(cases, "roll/forward", |x: Rank2<3, 2>| x.roll::<0>(1));
    check!(cases, "roll/backward", |x: Rank2<2, 3>| x.roll::<-1>(-2));
    check!(cases, "roll/around", |x: Rank1<3>| x.roll::<0>(7));
}

fn padded(cases: &mut Cases) {
    check!(cases, "pad/value", |x: Rank2<2, 3>| x.pad::<1, 2>(-7.0));
    check!(cases, "pad/none", |x: Rank2<2, 3>| x.pad::<0, 0>(0.0));
    check!(cases, "pad/reflect", |x: Rank2<2, 3>| x.reflect_pad::<2, 1>());
    check!(cases, "pad/replicate", |x: Rank2<2, 3>| x.replicate_pad::<2, 1>());
    check!(cases, "pad2d/value", |x: Rank2<2, 2>| x.pad2d::<1, 0, 2, 1>(0.5));
    check!(cases, "pad2d/reflect", |x: Rank3<1, 2, 3>| x.reflect_pad2d::<1, 2, 1, 0>());
    check!(cases, "pad2d/replicate", |x: Rank3<1, 2, 3>| x.replicate_pad2d::<1, 2, 1, 0>());
}

fn triangles(cases: &mut Cases) {
    macro_rules! diagonals {
        ($($name:literal = $k:expr,)+) => { $(
            check!(cases, concat!("tril/", $name), |x: Rank2<3, 4>| x.tril($k));
            check!(cases, concat!("triu/", $name), |x: Rank2<3, 4>| x.triu($k));
        )+ };
    }
    diagonals!("0" = 0, "1" = 1, "-1" = -1, "5" = 5,);
    check!(cases, "tril/batch", |x: Rank3<2, 2, 3>| x.tril(0));
    check!(cases, "diag/matrix_0", |x: Rank2<3, 4>| x.diag::<0>());
    check!(cases, "diag/matrix_1", |x: Rank2<3, 4>| x.diag::<1>());
    check!(cases, "diag/matrix_-1", |x: Rank2<3, 4>| x.diag::<-1>());
    check!(cases, "diag/vector_0", |x: Rank1<2>| x.diag::<0>());
    check!(cases, "diag/vector_1", |x: Rank1<2>| x.diag::<1>());
    check!(cases, "diag/vector_-1", |x: Rank1<2>| x.diag::<-1>());
}
