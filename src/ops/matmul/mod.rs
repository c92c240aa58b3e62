//! Products of matrices.

pub(crate) mod einsum;
pub(crate) mod feed_forward;
pub(crate) mod linear;
pub(crate) mod matmul;
pub(crate) mod products;
