//! Files of the operating system, for every module that reads or writes one.

#[forbid(unsafe_code)]
pub(crate) mod atomic;
#[forbid(unsafe_code)]
pub(crate) mod format;
#[forbid(unsafe_code)]
pub(crate) mod kind;
pub(crate) mod map;
