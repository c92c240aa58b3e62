//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod atan2;
mod compare;
mod div;
mod expand;
mod left;
mod lerp;
mod linear;
mod logical;
mod maximum;
mod mul;
mod neg;
mod operand;
mod pow;
mod powi;
mod relu;
mod remainder;
mod select;
mod sub;
mod sum;
#[cfg(test)]
mod testing;

pub use add::AddBackward;
pub use atan2::Atan2Backward;
pub use div::{DivBackward, ReciprocalBackward};
pub use expand::{ExpandBackward, Expanded};
pub use lerp::LerpBackward;
pub use linear::LinearBackward;
pub use maximum::{MaximumBackward, MinimumBackward};
pub use mul::MulBackward;
pub use neg::NegBackward;
pub use operand::{Operand, Pointwise, Scalar, Surrounded};
pub use pow::PowBackward;
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use remainder::{FmodBackward, RemainderBackward};
pub use select::{MaskedFillBackward, WhereBackward};
pub use sub::SubBackward;
pub use sum::{SumAxisBackward, SumBackward};
