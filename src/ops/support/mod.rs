//! Shared by the operations: operands, and the macros that define methods.

pub(crate) mod apply;
pub(crate) mod binary;
pub(crate) mod in_place;
pub(crate) mod keyword;
pub(crate) mod lawful;
pub(crate) mod lhs;
pub(crate) mod not_empty;
pub(crate) mod not_floats;
pub(crate) mod number;
pub(crate) mod packed;
pub(crate) mod padded_batch;
pub(crate) mod reduction;
pub(crate) mod results;
pub(crate) mod rhs;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod unary;
