//! Attention.

pub(crate) mod attention;
pub(crate) mod dropout;
pub(crate) mod mask;
pub(crate) mod rotary_embedding;
