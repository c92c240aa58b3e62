//! Convolutions, pooling and interpolation.

pub(crate) mod avg_pool;
pub(crate) mod channels;
pub(crate) mod conv;
mod deep;
pub(crate) mod depth;
mod dots;
mod forward;
mod frame;
pub(crate) mod grid_sample;
mod halving;
mod input_gradient;
pub(crate) mod interpolate;
pub(crate) mod max_pool;
mod max_window;
mod pixel_dots;
mod pixels;
mod pointwise;
pub(crate) mod pool;
pub(crate) mod pool_indices;
#[cfg(test)]
mod pool_tests;
pub(crate) mod sampling;
#[cfg(test)]
mod tests;
mod tile;
pub(crate) mod unfold;
mod weight_gradient;
