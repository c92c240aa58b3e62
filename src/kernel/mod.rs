//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod axis;
mod matmul;
pub(crate) mod optim;
pub(crate) mod pointwise;

pub use matmul::Gemm;
pub(crate) use matmul::{Layout, matmul};
