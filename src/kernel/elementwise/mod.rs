//! Element-wise operations.

pub(crate) mod compare_and_select;
pub(crate) mod convert;
pub(crate) mod float;
pub(crate) mod float_zip;
pub(crate) mod function;
pub(crate) mod number;
pub(crate) mod pointwise;
pub(crate) mod prelu;
pub(crate) mod progression;
mod remainder;
pub(crate) mod sigmoid_tanh;
#[cfg(test)]
mod tests;
mod vectors;
