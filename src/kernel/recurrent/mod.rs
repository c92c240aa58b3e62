//! Recurrences.

pub(crate) mod cell;
pub(crate) mod recurrent;
