//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once and shared by all shapes.

pub(crate) mod attention;
pub(crate) mod axis;
pub(crate) mod conv;
pub(crate) mod ctc;
pub(crate) mod denormal;
pub(crate) mod elementwise;
pub(crate) mod frozen;
pub(crate) mod gemm;
pub(crate) mod index;
pub(crate) mod loss;
#[allow(dead_code, reason = "kernels are moved onto vectors one family after the other")]
pub(crate) mod math;
pub(crate) mod matmul;
pub(crate) mod memory;
pub(crate) mod norm;
pub(crate) mod optim;
pub(crate) mod optim_variants;
pub(crate) mod random;
pub(crate) mod recurrent;
pub(crate) mod reduce;
pub(crate) mod shape;
#[allow(dead_code, reason = "kernels are moved onto vectors one family after the other")]
pub(crate) mod simd;
pub(crate) mod threads;

pub use attention::rows::ScoreRows;
pub use axis::picked::Picked;
pub use axis::sums::Sums;
pub use conv::avg_pool::AvgPool;
pub use conv::conv::Convolve;
pub use conv::max_pool::MaxPool;
pub use elementwise::float::Functions;
pub use elementwise::masked::Comparable;
pub use elementwise::number::Arithmetic;
pub use elementwise::sigmoid_tanh::VectorMath;
pub use matmul::matmul::{Batched, Gemm};
pub(crate) use matmul::matmul::{Layout, matmul, matmul_then};
pub use memory::Plain;
pub use norm::norm_math::NormMath;
pub use optim::Steps;
pub use recurrent::cell::Gates;
pub use reduce::argmax::Extremes;
pub use reduce::row_math::RowMath;
