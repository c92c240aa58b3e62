//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod axis;
pub(crate) mod expand;
mod matmul;
pub(crate) mod pointwise;
pub(crate) mod select;

pub use matmul::Gemm;
pub(crate) use matmul::{Layout, matmul};
