//! Reading and writing at indices, slices, sorting.

pub(crate) mod index;
pub(crate) mod sort;
