//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod axis;
pub(crate) mod expand;
pub(crate) mod einsum;
mod matmul;
pub(crate) mod optim;
pub(crate) mod pointwise;
pub(crate) mod scalar;
pub(crate) mod extreme;
pub(crate) mod lane;
mod matmul;
pub(crate) mod pointwise;
pub(crate) mod softmax;
pub(crate) mod index;
mod matmul;
pub(crate) mod pointwise;
pub(crate) mod sort;
pub(crate) mod blocks;
mod matmul;
pub(crate) mod pointwise;
pub(crate) mod strided;

pub use matmul::{Batched, Gemm};
pub(crate) use matmul::{Layout, matmul};
