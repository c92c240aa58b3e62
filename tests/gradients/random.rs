//! Dropout.

use crate::check::layers;
use typegrad::prelude::*;

#[test]
fn dropout() {
    layers! { Train:
        Dropout, Rank2<3, 4>;
        Dropout2d, Rank4<3, 4, 2, 2>;
        (Linear<3, 6, f64>, Dropout, Linear<6, 2, f64>), Rank2<3, 3>;
    }
    layers! { Eval: Dropout, Rank2<3, 4>; }
}
