//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod activation;
mod add;
mod exponential;
mod hyperbolic;
mod linear;
mod mul;
mod operand;
mod powers;
mod powi;
mod relu;
mod sign;
mod sum;
mod unary;

pub use activation::SigmoidBackward;
pub use add::AddBackward;
pub use exponential::{ExpBackward, LnBackward};
pub use hyperbolic::TanhBackward;
pub use linear::LinearBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powers::{SqrtBackward, SquareBackward};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use sign::AbsBackward;
pub use sum::{SumAxisBackward, SumBackward};
