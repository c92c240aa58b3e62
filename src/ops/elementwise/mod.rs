//! Operations that treat each element alone.

pub(crate) mod activation;
pub(crate) mod add;
pub(crate) mod atan2;
pub(crate) mod clamp;
pub(crate) mod compare;
pub(crate) mod div;
pub(crate) mod error_function;
pub(crate) mod exponential;
pub(crate) mod hyperbolic;
pub(crate) mod lerp;
pub(crate) mod logical;
pub(crate) mod maximum;
pub(crate) mod mul;
pub(crate) mod neg;
pub(crate) mod pow;
pub(crate) mod powers;
pub(crate) mod powi;
pub(crate) mod relu;
pub(crate) mod remainder;
pub(crate) mod rounding;
pub(crate) mod sign;
pub(crate) mod sub;
pub(crate) mod trigonometric;
pub(crate) mod where_;
