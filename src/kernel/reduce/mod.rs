//! Reductions, softmax and running sums.

pub(crate) mod argmax;
pub(crate) mod columns;
pub(crate) mod cumulative;
pub(crate) mod diff;
pub(crate) mod nansum;
pub(crate) mod norms;
pub(crate) mod reduce;
pub(crate) mod row_math;
pub(crate) mod softmax;
