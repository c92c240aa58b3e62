//! Operations that move elements without changing them.

pub(crate) mod cat;
pub(crate) mod diag;
pub(crate) mod expand;
pub(crate) mod flatten;
pub(crate) mod pad;
pub(crate) mod permute;
pub(crate) mod repeat;
pub(crate) mod reshape;
pub(crate) mod roll;
pub(crate) mod split;
pub(crate) mod transpose;
pub(crate) mod tril;
