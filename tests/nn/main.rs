//! Layers, whose tests need no internals.

mod averaged;
mod bias;
mod checkpointed;
mod clip;
mod conv3d;
mod dropout;
mod embedding;
mod forward_impls;
mod kv_cache;
mod lstm;
mod rect_pool;
mod residual;
