//! Reading and writing at indices, slices, sorting.

pub(crate) mod bincount;
mod brackets;
pub(crate) mod embedding;
pub(crate) mod embedding_bag;
pub(crate) mod gather;
pub(crate) mod index_select;
pub(crate) mod kthvalue;
pub(crate) mod lookup;
pub(crate) mod narrow;
pub(crate) mod one_hot;
pub(crate) mod scatter;
pub(crate) mod searchsorted;
pub(crate) mod select;
pub(crate) mod slice;
pub(crate) mod sort;
pub(crate) mod take;
pub(crate) mod take_along;
pub(crate) mod topk;
