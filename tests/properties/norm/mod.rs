//! Normalizations of long rows and of many rows.

mod accuracy;
mod exact;
