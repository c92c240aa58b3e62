//! Reductions, softmax and running sums.

pub(crate) mod all;
pub(crate) mod amax;
pub(crate) mod any;
pub(crate) mod argmax;
pub(crate) mod count_nonzero;
pub(crate) mod cummax;
pub(crate) mod cumprod;
pub(crate) mod cumsum;
pub(crate) mod diff;
pub(crate) mod histc;
pub(crate) mod log_softmax;
pub(crate) mod logsumexp;
pub(crate) mod max;
pub(crate) mod mean;
pub(crate) mod median;
pub(crate) mod min;
pub(crate) mod nansum;
pub(crate) mod norm;
pub(crate) mod prod;
pub(crate) mod quantile;
pub(crate) mod softmax;
pub(crate) mod std;
pub(crate) mod sum;
pub(crate) mod trace;
pub(crate) mod var;
