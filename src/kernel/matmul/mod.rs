//! Products of matrices.

pub(crate) mod cdist;
pub(crate) mod distance;
pub(crate) mod einsum;
pub(crate) mod kron;
pub(crate) mod matmul;
