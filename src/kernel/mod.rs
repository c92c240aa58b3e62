//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod attention;
pub(crate) mod axis;
pub(crate) mod batch_norm;
pub(crate) mod blocks;
pub(crate) mod conv;
mod curves;
pub(crate) mod denormal;
pub(crate) mod diag;
pub(crate) mod dropout;
pub(crate) mod einsum;
pub(crate) mod expand;
pub(crate) mod extreme;
pub(crate) mod gates;
pub(crate) mod index;
pub(crate) mod lane;
pub(crate) mod lanes;
pub(crate) mod loss;
#[allow(dead_code, reason = "kernels are moved onto vectors one family after the other")]
pub(crate) mod math;
mod matmul;
pub(crate) mod optim;
pub(crate) mod pad;
pub(crate) mod pointwise;
pub(crate) mod pool;
pub(crate) mod recurrent;
pub(crate) mod reduce;
pub(crate) mod resize;
pub(crate) mod scalar;
pub(crate) mod select;
#[allow(dead_code, reason = "kernels are moved onto vectors one family after the other")]
pub(crate) mod simd;
pub(crate) mod softmax;
pub(crate) mod sort;
pub(crate) mod standardize;
pub(crate) mod strided;
pub(crate) mod threads;

pub use curves::Curves;
pub use matmul::{Batched, Gemm};
pub(crate) use matmul::{Layout, matmul};
