//! The values and gradients of `bincount`.

use typegrad::prelude::*;

#[test]
#[should_panic(expected = "bincount: class 3 at position [0, 1] is out of range: there are 3 classes, 0..3")]
fn bincount_panics_at_an_index_out_of_range() {
    let _ = Tensor::from([[0, 3]]).bincount::<3>();
}
