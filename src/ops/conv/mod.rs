//! Convolutions, pooling and interpolation.

pub(crate) mod adaptive_avg_pool;
pub(crate) mod add_channels;
pub(crate) mod affine_grid;
pub(crate) mod avg_pool;
pub(crate) mod conv;
pub(crate) mod conv3d;
pub(crate) mod conv_transpose;
pub(crate) mod grid_sample;
pub(crate) mod interpolate;
pub(crate) mod max_pool;
pub(crate) mod pixel_shuffle;
#[cfg(test)]
mod pool_definition;
pub(crate) mod unfold;
