//! Attention.

pub(crate) mod attention;
pub(crate) mod dropout;
pub(crate) mod mask;
