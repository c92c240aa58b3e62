//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod index_select;
mod linear;
mod mul;
mod operand;
mod powi;
mod relu;
mod sum;

pub use add::AddBackward;
pub use index_select::IndexSelectBackward;
pub use linear::LinearBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use sum::{SumAxisBackward, SumBackward};
