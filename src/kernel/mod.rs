//! The arithmetic. Kernels take slices and sizes, not shapes: each is compiled once for an element type and shared by all
//! shapes.

pub(crate) mod attention;
pub(crate) mod axis;
pub(crate) mod compiled;
pub(crate) mod conv;
pub(crate) mod denormal;
pub(crate) mod elementwise;
pub(crate) mod frozen;
pub(crate) mod gemm;
pub(crate) mod index;
pub(crate) mod loss;
pub(crate) mod math;
pub(crate) mod matmul;
pub(crate) mod memory;
pub(crate) mod norm;
pub(crate) mod optim;
pub(crate) mod random;
pub(crate) mod recurrent;
pub(crate) mod reduce;
pub(crate) mod shape;
pub(crate) mod simd;
pub(crate) mod threads;

pub use attention::cached::AttendCached;
pub use attention::rows::ScoreRows;
pub use axis::sums::Sums;
pub use compiled::{Compiled, CompiledElement, CompiledNumber};
pub use conv::avg_pool::AvgPool;
pub use conv::conv::Convolve;
pub use conv::grid_math::GridMath;
pub use conv::max_pool::MaxPool;
pub use elementwise::compare_and_select::Comparable;
pub use elementwise::float::Functions;
pub use elementwise::number::Arithmetic;
pub use elementwise::sigmoid_tanh::VectorMath;
pub use index::sort::Ordered;
pub use index::sums_at_indices::SumsAtIndices;
pub use loss::along::LaneLosses;
pub use loss::formulas::ElementLosses;
pub use matmul::cdist_norms::Distances;
pub use matmul::matmul::{Batched, Gemm};
pub(crate) use matmul::matmul::{Layout, matmul, matmul_then};
pub use memory::Plain;
pub use norm::norm_math::NormMath;
pub use optim::Steps;
pub use recurrent::cell::RecurrentStep;
pub use reduce::argmax::ArgMax;
pub use reduce::columns::ColumnMath;
pub use reduce::cumulative::{Running, RunningProducts};
pub use reduce::norms::Norms;
pub use reduce::row_math::RowMath;

/// The kernels that an element of any type has: what [`Element`](crate::element::Element) needs of this folder.
#[doc(hidden)]
pub trait ElementKernels:
    Plain + Sums + SumsAtIndices + Comparable + Ordered + Running + CompiledElement<Self>
{
}
impl ElementKernels for f32 {}
impl ElementKernels for f64 {}
impl ElementKernels for i64 {}
impl ElementKernels for bool {}

/// The kernels that a number has besides.
#[doc(hidden)]
pub trait NumberKernels: Arithmetic + ArgMax + RunningProducts + MaxPool + CompiledNumber<Self> {}
impl NumberKernels for f32 {}
impl NumberKernels for f64 {}
impl NumberKernels for i64 {}

/// The kernels that a float has besides.
#[doc(hidden)]
pub trait FloatKernels:
    VectorMath
    + Functions
    + Steps
    + Gemm
    + Convolve
    + AttendCached
    + ScoreRows
    + RecurrentStep
    + RowMath
    + Norms
    + Distances
    + NormMath
    + AvgPool
    + GridMath
    + ElementLosses
    + LaneLosses
    + ColumnMath
    + Compiled<Self>
{
}
impl FloatKernels for f32 {}
impl FloatKernels for f64 {}
