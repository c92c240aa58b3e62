//! Reference values and harnesses that the files of several families share.

pub mod as_in_f64;
pub mod compensated;
pub mod double;
pub mod exact;
pub mod random;
pub mod range;
