//! Normalizations.

pub(crate) mod batch_norm;
mod channel_math;
pub(crate) mod layer_norm;
pub(crate) mod norm_math;
pub(crate) mod normalize;
