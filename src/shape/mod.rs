//! Shapes as types.
//!
//! A shape is a tuple of up to six dimensions: [`Rank2<3, 4>`](Rank2) is `(Const<3>, Const<4>)`. A dimension is a literal,
//! [`Const`], or computed, [`Expr`]. The type checker compares literals. Computed dimensions are compared by constant
//! assertions when the program is built, with the numbers in the message. Compiler messages print `Const<3>` as `Len<3>`.
//!
//! Several axes are a type: [`Axes2<0, -1>`](Axes2). The other traits here are the rules of operations, such as
//! [`Broadcast`] and [`MatmulShape`]. Programs rarely name them.

mod attention;
mod axes;
mod axis;
mod broadcast;
mod cdist;
mod chunk;
mod compared;
mod concat;
mod conv;
mod conv3d;
pub(crate) mod conv_fits;
mod conv_options;
mod cross;
mod diag;
mod dim;
mod flatten;
mod grid_sample;
mod kron;
mod law;
mod layout;
mod literal;
mod matmul;
mod matrix;
mod message;
mod pad;
mod permute;
mod pixel_shuffle;
mod pool;
mod rank;
mod refused;
mod repeat;
mod same;
mod same_except_axis;
mod scalar;
mod squeeze;
mod truth;
mod unfold;
mod vector;
mod window;

pub use attention::{AttentionShape, KeyValue, KeysAndValues, MaskShape, PaddingShape};
pub use axes::{Axes, Axes1, Axes2, Axes3, Axes4, Axes5, Axes6, AxesAt};
pub(crate) use axis::no_axis;
pub use axis::{Axis, HasAxis, HasPosition, InsertAxis, SwapPositions, Transpose, Transposed};
pub(crate) use broadcast::Meet;
pub use broadcast::{Broadcast, SameRank, Unstretched};
pub use cdist::CdistShape;
pub use chunk::Part;
#[doc(hidden)]
pub use compared::{Compared, TakesSize, TakesTarget};
pub use concat::{CatWith, StackWith};
#[doc(hidden)]
pub use concat::{CattedSizes, StackedSizes};
pub use conv::{
    Channels, Conv1dShape, Conv2dShape, ConvTranspose1dShape, ConvTranspose2dShape, RectConv2dShape,
    RectConvTranspose2dShape,
};
pub(crate) use conv::{channels_message, convolution, groups_divide, groups_message, transposed};
pub use conv_options::{Conv, ConvOptions, ConvTranspose, ConvTransposeOptions};
pub(crate) use conv3d::convolution3d;
pub use conv3d::{Conv3dShape, RectConv3dShape};
pub use cross::SizeThree;
pub use diag::{DiagonalLength, DiagonalSide, VectorOrMatrix};
#[doc(hidden)]
pub use dim::ElementsOfAnotherType;
pub use dim::{Const, Dim, DimExpr, Expr, Less, Product, SameSize, Span, Sum};
/// The names by which rustc calls [`Product`] and [`Sum`], which are traits of the standard library too.
#[doc(hidden)]
pub use dim::{Product as ProductOf, Sum as SumOf};
pub use flatten::{Flatten, FlattenAll, FlattenPositions};
pub use grid_sample::{AffineShape, GridShape};
pub use kron::KronShape;
pub use law::{Broken, Law, Laws, TypeLaw};
#[doc(hidden)]
pub(crate) use law::{first, number_law};
pub use literal::Literal;
pub(crate) use matmul::ProductSizes;
pub use matmul::{BmmShape, DotShape, MatmulShape, MmShape, MvShape, OuterShape};
pub use matrix::{EyeShape, Matrices, Matrix, TraceShape};
pub use message::Message;
pub use pad::{Pad2d, Pad3d, Padded2dShape, Padded3dShape, PaddedShape, PaddedSize, Volumes};
#[doc(hidden)]
pub use pad::{PadAmounts, Reflection, Replication, Wraparound};
#[doc(hidden)]
pub use permute::OtherThan;
pub use permute::Permute;
pub use pixel_shuffle::PixelShape;
#[doc(hidden)]
pub use pixel_shuffle::Shuffles;
pub(crate) use pixel_shuffle::Unshuffles;
pub use pool::{Pool, Resize, Scale};
#[doc(hidden)]
pub use pool::{Pooling, Resizing};
#[doc(hidden)]
pub use rank::Elsewhere;
pub use rank::{Rank0, Rank1, Rank2, Rank3, Rank4, Rank5, Rank6, Shape};
pub use repeat::Repeat;
#[doc(hidden)]
pub use same::{Is, Known};
pub(crate) use same::{SameCount, SameSizes};
pub use same_except_axis::SameExceptAxis;
pub use scalar::ScalarShape;
pub use squeeze::SizeOne;
#[doc(hidden)]
pub use truth::{False, True, Truth};
#[doc(hidden)]
pub use unfold::Columns;
pub(crate) use unfold::Windows;
pub use unfold::{FoldShape, ImageWindow, UnfoldShape};
pub use vector::Vector;
pub(crate) use window::WindowCheck;
#[doc(hidden)]
pub use window::WindowSizes;
pub use window::{ConvTransposed, Convolved, TransposedWindow, TransposedWindowAxis, Window, WindowAxis};
