//! Operations that treat each element alone.

pub(crate) mod masked;
pub(crate) mod pointwise;
pub(crate) mod scalar;
pub(crate) mod sigmoid_tanh;
