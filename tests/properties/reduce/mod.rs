//! The reductions: at random values, of long lanes, and at the ends of the range.

mod accuracy;
mod definition;
mod exact;
mod range;
