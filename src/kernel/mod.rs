//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod axis;
pub(crate) mod extreme;
pub(crate) mod lane;
pub(crate) mod lanes;
mod matmul;
pub(crate) mod pointwise;
pub(crate) mod reduce;
pub(crate) mod softmax;

pub use matmul::Gemm;
pub(crate) use matmul::{Layout, matmul};
