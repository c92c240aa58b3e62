//! Layers that are not in a family of their own.

use crate::fixture::{Cases, layer};
use typegrad::prelude::*;

#[test]
fn layers() {
    let mut cases = Cases::of("layers");
    layer!(cases, "linear/matrix", train, Linear<3, 2, E>, Rank2<4, 3>);
    layer!(cases, "linear/batches", train, Linear<3, 2, E>, Rank3<2, 4, 3>);
    layer!(cases, "linear/eval", eval, Linear<3, 2, E>, Rank2<4, 3>);
    layer!(cases, "linear/in_a_row", train, (Linear<3, 5, E>, Relu, Linear<5, 2, E>), Rank2<4, 3>);
    layer!(cases, "linear/no_bias", train, NoBias<Linear<3, 2, E>>, Rank2<4, 3>);
    layer!(cases, "linear/vector", train, Linear<3, 2, E>, Rank1<3>);
    cases.finish();
}
