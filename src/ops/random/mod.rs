//! Operations that draw random numbers.

pub(crate) mod dropout;
