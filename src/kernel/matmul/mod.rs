//! Products of matrices.

pub(crate) mod cdist;
pub(crate) mod cdist_norms;
pub(crate) mod cross;
pub(crate) mod einsum;
pub(crate) mod kron;
pub(crate) mod matmul;
