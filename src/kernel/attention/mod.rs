//! Attention.

pub(crate) mod attention;
