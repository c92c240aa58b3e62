//! Normalizations.

pub(crate) mod affine;
pub(crate) mod batch_norm;
pub(crate) mod group_norm;
pub(crate) mod layer_norm;
pub(crate) mod normalize;
pub(crate) mod rms_norm;
