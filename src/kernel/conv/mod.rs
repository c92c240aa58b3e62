//! Convolutions, pooling and interpolation.

pub(crate) mod channels;
pub(crate) mod conv;
mod dots;
mod forward;
mod frame;
mod input_gradient;
pub(crate) mod interpolate;
pub(crate) mod max_pool;
mod pointwise;
pub(crate) mod pool;
#[cfg(test)]
mod tests;
mod tile;
mod weight_gradient;
