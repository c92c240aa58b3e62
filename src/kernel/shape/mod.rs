//! Operations that move elements without changing them.

pub(crate) mod concat;
pub(crate) mod diag;
pub(crate) mod expand;
pub(crate) mod pad;
pub(crate) mod strided;
