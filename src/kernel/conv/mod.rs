//! Convolutions, pooling and interpolation.

pub(crate) mod affine_grid;
pub(crate) mod avg_pool;
#[cfg(test)]
mod block_tests;
pub(crate) mod channels;
pub(crate) mod conv;
pub(crate) mod depth;
#[cfg(test)]
mod finish_tests;
mod forward;
mod frame;
pub(crate) mod grid_math;
pub(crate) mod grid_sample;
mod input_gradient;
pub(crate) mod interpolate;
pub(crate) mod max_pool;
mod max_window;
mod one_channel;
#[cfg(test)]
mod one_image_tests;
mod packed_weights;
mod pixels;
mod pointwise;
pub(crate) mod pool;
mod pool_2x2;
pub(crate) mod pool_indices;
#[cfg(test)]
mod pool_tests;
mod terms;
#[cfg(test)]
mod tests;
mod tile;
mod transpose;
pub(crate) mod unfold;
mod weight_gradient;
mod weight_gradient_along_channels;
mod weight_gradient_along_rows;
