//! Whole numbers, and new tensors.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn integers() {
    let mut cases = Cases::of("integers");
    arithmetic(&mut cases);
    arrangement(&mut cases);
    new(&mut cases);
    cases.finish();
}

fn arithmetic(cases: &mut Cases) {
    check!(cases, "whole/add", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k + j));
    check!(cases, "whole/sub", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k - j));
    check!(cases, "whole/mul", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, k * j));
    check!(cases, "whole/neg", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, -k));
    check!(cases, "whole/abs", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.abs()));
    check!(cases, "whole/sign", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.sign()));
    check!(cases, "whole/clamp", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.clamp(-1, 2)));
    check!(cases, "whole/clamp_min", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.clamp_min(0)));
    check!(cases, "whole/max", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.max()));
    check!(cases, "whole/argmax_axis", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.argmax_axis::<-1>()));
}

fn arrangement(cases: &mut Cases) {
    check!(cases, "whole/sort", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.sort::<-1>().0));
    check!(cases, "whole/transpose", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.t()));
    check!(cases, "whole/cat", |x: Rank1<1>; k: Rank2<2, 3> as i64, j: Rank2<2, 3> as i64| (x, (k, j).cat::<0>()));
    check!(cases, "whole/tril", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.tril(0)));
    check!(cases, "whole/pad", |x: Rank1<1>; k: Rank2<2, 3> as i64| (x, k.pad::<1, 1>(-1)));
    check!(cases, "whole/gather", |x: Rank1<1>; k: Rank2<2, 3> as i64, index: Rank2<2, 2> as i64| {
        (x, k.gather::<1, _>(&index))
    });
}

fn new(cases: &mut Cases) {
    check!(cases, "new/arange", |x: Rank1<1>| (x, Tensor::<Rank1<5>, E>::arange()));
    check!(cases, "new/arange_whole", |x: Rank1<1>| (x, Tensor::<Rank1<5>, i64>::arange()));
    check!(cases, "new/arange_from", |x: Rank1<1>| (x, Tensor::<Rank1<6>, E>::arange_from(0.5, 0.25)));
    check!(cases, "new/linspace", |x: Rank1<1>| (x, Tensor::<Rank1<7>, E>::linspace(-1.0, 2.0)));
    check!(cases, "new/linspace_down", |x: Rank1<1>| (x, Tensor::<Rank1<4>, E>::linspace(1.0, -0.3)));
    check!(cases, "new/linspace_one", |x: Rank1<1>| (x, Tensor::<Rank1<1>, E>::linspace(3.0, 4.0)));
    check!(cases, "new/linspace_none", |x: Rank1<1>| (x, Tensor::<Rank1<0>, E>::linspace(3.0, 4.0)));
    check!(cases, "new/eye", |x: Rank1<1>| (x, Tensor::<Rank2<2, 3>, E>::eye()));
    check!(cases, "new/eye_tall", |x: Rank1<1>| (x, Tensor::<Rank2<3, 2>, E>::eye()));
    check!(cases, "new/full", |x: Rank1<1>| (x, Tensor::<Rank2<2, 2>, E>::full(-0.5)));
}
