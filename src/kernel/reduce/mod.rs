//! Reductions, softmax and running sums.

pub(crate) mod argmax;
pub(crate) mod columns;
pub(crate) mod cumulative;
#[cfg(test)]
mod cumulative_tests;
pub(crate) mod diff;
pub(crate) mod histc;
pub(crate) mod median;
pub(crate) mod nansum;
pub(crate) mod narrow;
pub(crate) mod nonzero;
pub(crate) mod norms;
pub(crate) mod product;
pub(crate) mod quantile;
pub(crate) mod reduce_over;
pub(crate) mod row_math;
pub(crate) mod softmax;
pub(crate) mod trace;
pub(crate) mod variance;
