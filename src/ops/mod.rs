//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod add;
mod cat;
mod linear;
mod mul;
mod narrow;
mod operand;
mod powi;
mod relu;
mod sum;
mod transpose;

pub use add::AddBackward;
pub use cat::{Cat, CatBackward, CatOnto, Join, Next, Stack, StackOnto};
pub use linear::LinearBackward;
pub use mul::MulBackward;
pub use narrow::NarrowBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use sum::{SumAxisBackward, SumBackward};
pub use transpose::TransposeBackward;
