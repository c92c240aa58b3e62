//! Reading and writing at indices, slices, sorting.

pub(crate) mod bincount;
pub(crate) mod check;
pub(crate) mod embedding_bag;
pub(crate) mod gather;
pub(crate) mod one_hot;
pub(crate) mod scatter;
pub(crate) mod searchsorted;
pub(crate) mod select;
pub(crate) mod sort;
pub(crate) mod sums_at_indices;
