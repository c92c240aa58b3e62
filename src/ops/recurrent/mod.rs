//! Recurrences.

pub(crate) mod recurrent;
pub(crate) mod scan;
