//! Values against the definition and gradients against differences, at random values. Operations on indices have such tests
//! in their files in `src/ops`.

mod accuracy;
mod double;
mod elementwise;
mod exact;
mod loss;
mod matmul;
mod parameters;
mod range;
mod reduce;
mod shape;
mod sums;

use proptest::prelude::{ProptestConfig, TestCaseError};
use typegrad::prelude::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

/// The first of these numbers, as many as the shape has.
fn first<S: Shape>(x: &[f64]) -> Tensor<S, f64> {
    Tensor::try_from(&x[..S::NUMEL]).expect("as many as the shape has")
}

/// The elements are these numbers, but for rounding.
fn close<S: Shape>(ours: &Tensor<S, f64>, naive: &[f64]) -> Result<(), TestCaseError> {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
    let ours = ours.to_vec();
    if ours.len() == naive.len() && ours.iter().zip(naive).all(|(a, b)| near(*a, *b)) {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{ours:?} should be {naive:?}")))
}
