//! The reductions: at random values, of long lanes, and at the ends of the range.

mod accuracy;
mod as_in_f64;
mod definition;
mod exact;
mod range;
