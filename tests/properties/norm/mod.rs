//! Normalizations of long rows, of many rows, and at the ends of the range.

mod accuracy;
mod exact;
mod range;
