//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod argmax;
mod cross_entropy;
mod empty;
mod linear;
mod log_softmax;
mod max;
mod mean;
mod mse;
mod mul;
mod operand;
mod powi;
mod relu;
mod softmax;
mod sum;

pub use add::AddBackward;
pub use cross_entropy::CrossEntropyBackward;
pub use linear::LinearBackward;
pub use log_softmax::LogSoftmaxBackward;
pub use max::{MaxAxisBackward, MaxBackward};
pub use mean::{MeanAxisBackward, MeanBackward};
pub use mse::MseBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use softmax::SoftmaxBackward;
pub use sum::{SumAxisBackward, SumBackward};
