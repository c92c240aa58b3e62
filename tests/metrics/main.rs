//! Metrics, whose tests need no internals.

mod auroc;
mod top_k;
