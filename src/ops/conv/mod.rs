//! Convolutions, pooling and interpolation.

pub(crate) mod add_channels;
pub(crate) mod conv;
pub(crate) mod interpolate;
pub(crate) mod pool;
