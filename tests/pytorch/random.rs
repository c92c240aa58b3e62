//! Dropout with the probabilities 0 and 1, with which nothing is random.

use crate::fixture::{Cases, check};
use typegrad::nn::Generator;
use typegrad::prelude::*;

#[test]
fn random() {
    let mut cases = Cases::of("random");
    let generator = &Generator::seed(0);
    check!(cases, "dropout/none", |x: Rank2<2, 3>| x.dropout(0.0, generator));
    check!(cases, "dropout/all", |x: Rank2<2, 3>| x.dropout(1.0, generator).abs());
    check!(cases, "dropout2d/none", |x: Rank4<2, 3, 2, 2>| x.dropout2d(0.0, generator));
    check!(cases, "dropout2d/all", |x: Rank4<2, 3, 2, 2>| x.dropout2d(1.0, generator).abs());
    cases.finish();
}
