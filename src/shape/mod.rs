//! Shapes as types.
//!
//! A shape is a tuple of dimensions. Equality of literal dimensions is checked by the type checker; arithmetic
//! on them by constant assertions when the program is built, with the numbers in the message.

mod attention;
mod axes;
mod axis;
mod broadcast;
mod concat;
mod dim;
mod matmul;
mod message;
mod parts;
mod pool;
mod products;
mod rank;
mod same;
mod same_but;
mod window;

pub use attention::{AttentionShape, KeyValue, KeysAndValues, MaskShape, PaddingShape};
pub use axes::{Axes, Axes1, Axes2, Axes3, Axes4, Axes5, Axes6, AxesAt};
pub use axis::{Axis, InsertAxis, SwapPositions, Transpose};
pub use broadcast::{Broadcast, SameRank};
pub use concat::{CatWith, StackWith};
pub use dim::{Const, Dim, DimExpr, Expr, Product, Span, Sum};
pub use matmul::MatmulShape;
pub use message::Message;
pub use parts::{
    DiagonalLength, DiagonalSide, Flatten, FlattenAll, FlattenPositions, Identity, Literal, Matrices, Matrix,
    Padded, Part, Permute, Repeat, ScalarShape, SizeOne, Vector, VectorOrMatrix,
};
pub use pool::{Pool, Resize, Scale};
pub(crate) use pool::{Pooling, Resizing};
pub use products::{BmmShape, DotShape, MmShape, MvShape, OuterShape};
pub use rank::{Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6, Shape};
pub use same::ShapeIs;
pub(crate) use same::{SameCount, SameSizes};
pub use same_but::SameExceptAxis;
pub use window::{Channels, Conv1dShape, Conv2dShape, ConvTranspose2dShape, ConvTransposed, Convolved};
pub(crate) use window::{Transposed, Window, channels_message, groups_divide, groups_message};
