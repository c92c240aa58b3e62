//! Layers, whose tests need no internals.

mod lstm;
mod rect_pool;
