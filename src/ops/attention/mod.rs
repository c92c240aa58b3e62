//! Attention.

pub(crate) mod attention;
pub(crate) mod mask;
