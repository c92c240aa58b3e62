//! Reductions, softmax and running sums.

pub(crate) mod all;
pub(crate) mod amax;
pub(crate) mod any;
pub(crate) mod argmax;
pub(crate) mod count_nonzero;
pub(crate) mod cumsum;
pub(crate) mod log_softmax;
pub(crate) mod logsumexp;
pub(crate) mod max;
pub(crate) mod mean;
pub(crate) mod min;
pub(crate) mod norm;
pub(crate) mod prod;
pub(crate) mod softmax;
pub(crate) mod std;
pub(crate) mod sum;
pub(crate) mod var;
