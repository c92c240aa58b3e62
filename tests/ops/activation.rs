//! Activation functions.

use typegrad::prelude::*;

#[test]
#[should_panic(expected = "celu: alpha must not be 0")]
fn celu_has_a_scale() {
    let _ = Tensor::from([1.0, -1.0]).celu(0.0);
}

#[test]
#[should_panic(expected = "softshrink: lambd must be at least 0, got -0.5")]
fn softshrink_moves_towards_0() {
    let _ = Tensor::from([1.0, -1.0]).softshrink(-0.5);
}

#[test]
#[should_panic(expected = "hardtanh: min must not be larger than max, but they are 2.0 and 1.0")]
fn the_bounds_of_hardtanh_are_in_order() {
    let _ = Tensor::from([1.0, -1.0]).hardtanh(2.0, 1.0);
}
