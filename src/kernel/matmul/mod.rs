//! Products of matrices.

pub(crate) mod einsum;
pub(crate) mod matmul;
