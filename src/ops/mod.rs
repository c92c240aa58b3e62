//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod div;
mod expand;
mod left;
mod linear;
mod mul;
mod neg;
mod operand;
mod powi;
mod relu;
mod scan;
mod sub;
mod sum;

pub use add::AddBackward;
pub use div::{DivBackward, ReciprocalBackward};
pub use expand::{ExpandBackward, Expanded};
pub use linear::LinearBackward;
pub use mul::MulBackward;
pub use neg::NegBackward;
pub use operand::{Operand, Pointwise, Scalar, Surrounded};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use scan::Scanned;
pub use sub::SubBackward;
pub use sum::{SumAxisBackward, SumBackward};
