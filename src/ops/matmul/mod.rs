//! Products of matrices.

pub(crate) mod bmm;
pub(crate) mod cdist;
pub(crate) mod cross;
pub(crate) mod dot;
pub(crate) mod einsum;
pub(crate) mod feed_forward;
pub(crate) mod kron;
pub(crate) mod linear;
pub(crate) mod matmul;
pub(crate) mod mm;
pub(crate) mod mv;
pub(crate) mod outer;
