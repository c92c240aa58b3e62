//! Masks, and what is chosen by them.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn choices() {
    let mut cases = Cases::of("choices");
    masks(&mut cases);
    chosen(&mut cases);
    cases.finish();
}

fn masks(cases: &mut Cases) {
    macro_rules! corners {
        ($($name:ident)+) => {
            $( check!(cases, concat!(stringify!($name), "/corners"), |a: Rank1<8>, b: Rank1<8>| a.$name(b)); )+
        };
    }
    corners!(eq ne lt le gt ge logical_and logical_or logical_xor);
    macro_rules! number {
        ($($name:ident)+) => {
            $( check!(cases, concat!(stringify!($name), "/number"), |a: Rank1<8>| a.$name(1.0)); )+
        };
    }
    number!(eq ne lt le gt ge);
    check!(cases, "gt/leading_axis", |a: Rank2<2, 3>, b: Rank1<3>| a.gt(b));
    check!(cases, "logical_not/corners", |x: Rank1<8>| x.logical_not());
    check!(cases, "isnan/corners", |x: Rank1<8>| x.isnan());
    check!(cases, "isinf/corners", |x: Rank1<8>| x.isinf());
    check!(cases, "isfinite/corners", |x: Rank1<8>| x.isfinite());
}

fn chosen(cases: &mut Cases) {
    check!(cases, "where/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>; mask: Rank2<2, 3> as bool| a.where_(mask, b));
    check!(cases, "where/leading_axis", |a: Rank2<2, 3>, b: Rank1<3>; mask: Rank2<2, 3> as bool| a.where_(mask, b));
    check!(cases, "where/mask_of_row", |a: Rank2<2, 3>, b: Rank2<2, 3>; mask: Rank1<3> as bool| a.where_(mask, b));
    check!(cases, "where/number", |a: Rank2<2, 3>; mask: Rank2<2, 3> as bool| a.where_(mask, -7.0));
    check!(cases, "where/corners", |a: Rank1<3>, b: Rank1<3>; mask: Rank1<3> as bool| a.where_(mask, b));
    check!(cases, "masked_fill/equal", |x: Rank2<2, 3>; mask: Rank2<2, 3> as bool| x.masked_fill(mask, -E::INFINITY));
    check!(cases, "masked_fill/row", |x: Rank2<2, 3>; mask: Rank1<3> as bool| x.masked_fill(mask, 0.5));
    check!(cases, "nan_to_num/corners", |x: Rank1<8>| x.nan_to_num());
    check!(cases, "nan_to_num/with", |x: Rank1<8>| x.nan_to_num_with(0.5, 10.0, -10.0));
}
