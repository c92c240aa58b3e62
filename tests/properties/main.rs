//! Values against the definition and gradients against differences, at random values, and sums of many terms against those of
//! more digits, by family. Operations with a tensor of indices are compared at random values in their files in `src/ops`.

mod conv;
mod elementwise;
mod index;
mod loss;
mod matmul;
mod norm;
mod parameters;
mod recurrent;
mod reduce;
mod shape;
mod support;

use proptest::prelude::{ProptestConfig, Strategy, TestCaseError, prop};
use typegrad::prelude::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

/// Any numbers, equal ones among them.
fn any_values<S: Shape>() -> impl Strategy<Value = Tensor<S, f64>> {
    prop::collection::vec(-2.0..2.0, S::NUMEL).prop_map(|x| Tensor::try_from(x).expect("as many"))
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
