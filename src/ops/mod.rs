//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod einsum;
mod linear;
mod matmul;
mod mul;
mod operand;
mod powi;
mod relu;
mod scan;
mod sum;

pub use add::AddBackward;
pub use einsum::{EinsumBackward, EinsumPairBackward, einsum_first, einsum_one, einsum_pair};
pub use linear::LinearBackward;
pub use matmul::MatmulBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use scan::Scanned;
pub use sum::{SumAxisBackward, SumBackward};
