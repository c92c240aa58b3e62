//! Layers, whose tests need no internals.

mod averaged;
mod bias;
mod checkpointed;
mod clip;
mod conv3d;
mod dropout;
mod embedding;
mod forward;
mod forward2;
mod forward_impls;
mod frozen;
mod kv_cache;
mod lengths;
mod lstm;
mod pool;
mod projected_lstm;
mod recompute;
mod rect_pool;
mod residual;
