//! Recurrences.

pub(crate) mod backward;
pub(crate) mod cell;
pub(crate) mod recurrent;
#[cfg(test)]
mod share_tests;
