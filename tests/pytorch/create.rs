//! New tensors.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn create() {
    let mut cases = Cases::of("create");
    new(&mut cases);
    cases.finish();
}

fn new(cases: &mut Cases) {
    check!(cases, "arange/new", |x: Rank1<1>| (x, Tensor::<Rank1<5>, E>::arange()));
    check!(cases, "arange_whole/new", |x: Rank1<1>| (x, Tensor::<Rank1<5>, i64>::arange()));
    check!(cases, "arange_from/new", |x: Rank1<1>| (x, Tensor::<Rank1<6>, E>::arange_from(0.5, 0.25)));
    check!(cases, "linspace/new", |x: Rank1<1>| (x, Tensor::<Rank1<7>, E>::linspace(-1.0, 2.0)));
    check!(cases, "linspace_down/new", |x: Rank1<1>| (x, Tensor::<Rank1<4>, E>::linspace(1.0, -0.3)));
    check!(cases, "linspace_one/new", |x: Rank1<1>| (x, Tensor::<Rank1<1>, E>::linspace(3.0, 4.0)));
    check!(cases, "linspace_none/new", |x: Rank1<1>| (x, Tensor::<Rank1<0>, E>::linspace(3.0, 4.0)));
    check!(cases, "eye/new", |x: Rank1<1>| (x, Tensor::<Rank2<2, 3>, E>::eye()));
    check!(cases, "eye_tall/new", |x: Rank1<1>| (x, Tensor::<Rank2<3, 2>, E>::eye()));
    check!(cases, "full/new", |x: Rank1<1>| (x, Tensor::<Rank2<2, 2>, E>::full(-0.5)));
}
