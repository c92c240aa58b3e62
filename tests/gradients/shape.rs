//! Layers that rearrange.

use crate::check::layers;
use typegrad::prelude::*;

#[test]
fn flatten_and_unflatten() {
    layers! { Train:
        Flatten, Rank4<2, 2, 1, 3>;
        Unflatten<Rank3<2, 1, 3>>, Rank2<2, 6>;
    }
}
