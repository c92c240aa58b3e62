//! Normalizations at random values, of long rows, of many rows, and at the ends of the range.

mod accuracy;
mod definition;
mod exact;
mod range;
