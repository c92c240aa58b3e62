//! Attention.

pub(crate) mod attention;
pub(crate) mod cached;
pub(crate) mod heads;
pub(crate) mod masks;
pub(crate) mod rotary;
pub(crate) mod rows;
