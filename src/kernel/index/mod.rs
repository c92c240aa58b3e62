//! Reading and writing at indices, slices, sorting.

pub(crate) mod bincount;
pub(crate) mod embedding_bag;
pub(crate) mod index;
pub(crate) mod one_hot;
pub(crate) mod searchsorted;
pub(crate) mod sort;
pub(crate) mod sums_at_indices;
