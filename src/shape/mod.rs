//! Shapes as types.
//!
//! A shape is a tuple of dimensions. Equality of literal dimensions is checked by the type checker; arithmetic
//! on them by constant assertions when the program is built, with the numbers in the message.

mod axes;
mod axis;
mod broadcast;
mod dim;
mod message;
mod rank;

pub use axes::{Axes, Axes2, Axes3, Axes4, AxesAt};
pub use axis::{Axis, InsertAxis, SwapPositions, Transpose};
pub use broadcast::Broadcast;
pub use dim::{Const, Dim, DimExpr, Expr, Product, Sum};
pub use message::Message;
pub use rank::{Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6, Shape};
