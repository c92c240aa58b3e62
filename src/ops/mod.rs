//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod gather;
mod index_select;
mod linear;
mod mul;
mod one_hot;
mod operand;
mod powi;
mod relu;
mod scatter;
mod sort;
mod sum;
mod topk;

pub use add::AddBackward;
pub use gather::GatherBackward;
pub use index_select::IndexSelectBackward;
pub use linear::LinearBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use scatter::{ScatterAddBackward, ScatterBackward};
pub use sum::{SumAxisBackward, SumBackward};
