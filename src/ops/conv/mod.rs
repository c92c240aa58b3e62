//! Convolutions, pooling and interpolation.

pub(crate) mod adaptive_avg_pool;
pub(crate) mod add_channels;
pub(crate) mod avg_pool;
pub(crate) mod conv;
pub(crate) mod conv_transpose;
pub(crate) mod interpolate;
pub(crate) mod max_pool;
#[cfg(test)]
mod pool_definition;
