//! Element-wise operations.

pub(crate) mod convert;
pub(crate) mod float;
pub(crate) mod function;
pub(crate) mod gradient;
pub(crate) mod masked;
pub(crate) mod number;
pub(crate) mod pointwise;
pub(crate) mod progression;
mod remainder;
pub(crate) mod scalar;
pub(crate) mod sigmoid_tanh;
#[cfg(test)]
mod tests;
mod vectors;
