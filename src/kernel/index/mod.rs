//! Reading and writing at indices, slices, sorting.

pub(crate) mod index;
pub(crate) mod sort;
pub(crate) mod sums_at_indices;
