//! Reductions, softmax and running sums.

pub(crate) mod argmax;
pub(crate) mod reduce;
pub(crate) mod softmax;
