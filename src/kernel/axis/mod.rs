//! The layout of an axis in memory, and loops along it.

pub(in crate::kernel) mod add_exactly;
pub(crate) mod axis;
pub(crate) mod lanes;
pub(crate) mod long_sums;
pub(crate) mod scan_lanes;
pub(crate) mod sums;
pub(crate) mod sums_in_f64;
pub(crate) mod sums_of_products;
