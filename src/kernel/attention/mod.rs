//! Attention.

pub(crate) mod attention;
pub(crate) mod heads;
pub(crate) mod masks;
pub(crate) mod rows;
