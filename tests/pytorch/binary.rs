//! Two operands element by element, and how their shapes meet.

use crate::fixture::{Cases, check};
use typegrad::prelude::*;

#[test]
fn binary() {
    let mut cases = Cases::of("binary");
    shapes(&mut cases);
    numbers(&mut cases);
    stretched(&mut cases);
    cases.finish();
}

fn shapes(cases: &mut Cases) {
    check!(cases, "neg/corners", |x: Rank1<11>| -x);
    check!(cases, "neg/matrix", |x: Rank2<2, 3>| -x);
    check!(cases, "sub/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a - b);
    check!(cases, "sub/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a - b);
    check!(cases, "sub/longer_right", |a: Rank1<3>, b: Rank2<2, 3>| a - b);
    check!(cases, "sub/scalar_right", |a: Rank2<2, 3>, b: Rank0| a - b);
    check!(cases, "sub/corners", |a: Rank1<11>, b: Rank1<11>| a - b);
    check!(cases, "div/equal", |a: Rank2<2, 3>, b: Rank2<2, 3>| a / b);
    check!(cases, "div/leading_axis", |a: Rank3<2, 2, 3>, b: Rank1<3>| a / b);
    check!(cases, "div/longer_right", |a: Rank1<3>, b: Rank2<2, 3>| a / b);
    check!(cases, "div/scalar_right", |a: Rank2<2, 3>, b: Rank0| a / b);
    check!(cases, "div/corners", |a: Rank1<11>, b: Rank1<11>| a / b);
}

fn numbers(cases: &mut Cases) {
    check!(cases, "sub/number", |x: Rank1<11>| x - 1.5);
    check!(cases, "div/number", |x: Rank1<11>| x / 1.5);
    check!(cases, "div/zero", |x: Rank1<11>| x / 0.0);
    check!(cases, "left/add", |x: Rank1<11>| 1.5 + x);
    check!(cases, "left/sub", |x: Rank1<11>| 1.5 - x);
    check!(cases, "left/mul", |x: Rank1<11>| -1.5 * x);
    check!(cases, "left/div", |x: Rank1<11>| 1.5 / x);
}

fn stretched(cases: &mut Cases) {
    check!(cases, "expand/add_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a + b.expand());
    check!(cases, "expand/sub_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a - b.expand());
    check!(cases, "expand/mul_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a * b.expand());
    check!(cases, "expand/div_row", |a: Rank2<2, 3>, b: Rank2<1, 3>| a / b.expand());
    check!(cases, "expand/add_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a + b.expand());
    check!(cases, "expand/sub_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a - b.expand());
    check!(cases, "expand/mul_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a * b.expand());
    check!(cases, "expand/div_column", |a: Rank2<2, 3>, b: Rank2<2, 1>| a / b.expand());
    check!(cases, "expand/add_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() + b);
    check!(cases, "expand/sub_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() - b);
    check!(cases, "expand/mul_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() * b);
    check!(cases, "expand/div_on_the_left", |a: Rank2<2, 1>, b: Rank2<2, 3>| a.expand() / b);
    check!(cases, "expand/two_axes", |a: Rank3<2, 3, 2>, b: Rank3<1, 3, 1>| a * b.expand());
    check!(cases, "expand/nothing", |a: Rank2<2, 3>, b: Rank2<2, 3>| a * b.expand());
    check!(cases, "expand/to_no_elements", |a: Rank2<2, 0>, b: Rank2<2, 1>| a * b.expand());
    check!(cases, "broadcast_to/axis", |x: Rank2<2, 1>| x.broadcast_to::<Rank2<2, 3>>());
    check!(cases, "broadcast_to/front", |x: Rank1<3>| x.broadcast_to::<Rank2<2, 3>>());
    check!(cases, "broadcast_to/both", |x: Rank2<3, 1>| x.broadcast_to::<Rank3<2, 3, 2>>());
    check!(cases, "broadcast_to/scalar", |x: Rank0| x.broadcast_to::<Rank2<2, 2>>());
}
