//! The operations of [`Tensor`](crate::Tensor), which are methods of it; here are the traits and types in their signatures.
//!
//! Each file has one operation: the shape rule, the forward pass, the backward pass, and tests.
//!
//! An alias such as [`Unary`] or `MaxPooled` is what a signature shows instead of the type that it stands for. On its own page rustdoc
//! prints that type, too, with the backward pass at its end (`MaxPoolBackward`), which is hidden: it is a part of the graph,
//! and programs name neither.

mod attention;
mod conv;
mod elementwise;
mod index;
mod matmul;
mod norm;
mod random;
mod recurrent;
mod reduce;
mod shape;
mod support;

pub use attention::attention::{Attention, Scores};
pub use attention::mask::Mask;
pub use conv::avg_pool::{AvgPooled, AvgPooled3d};
pub use conv::conv::{Convolved1d, Convolved2d, RectConvolved2d};
pub use conv::conv_transpose::{ConvTransposed1d, ConvTransposed2d, RectConvTransposed2d};
pub use conv::conv3d::{Convolved3d, RectConvolved3d};
pub use conv::grid_sample::GridSample;
pub use conv::interpolate::{BilinearMode, Interpolation, NearestMode};
pub use conv::max_pool::{MaxIndices, MaxPooled, MaxPooled3d};
pub use conv::unfold::{Folded, Unfolded};
pub use elementwise::lerp::Lerped;
pub use elementwise::to::ConvertTo;
pub use elementwise::where_::{BoolMask, Chosen};
pub(crate) use elementwise::{glu::HalvesOf, prelu::Weights};
pub use index::embedding_bag::{BagMode, BagsShape};
pub use index::kthvalue::{Kthvalue, KthvalueKeepdim};
pub use index::sort::Sorted;
pub use index::topk::TopK;
pub use matmul::matmul::Multiplied;
pub(crate) use norm::affine::check_eps;
pub use norm::affine::{AffineOperand, Normalized};
pub(crate) use norm::batch_norm::Statistics;
pub(crate) use recurrent::recurrent::{Layers, recurrent, weights};
pub use recurrent::scan::{ScanInput, ScanState, Scanned, Step};
pub use reduce::quantile::QuantileMode;
pub use shape::cat::Cat;
pub use shape::chunk::ChunkShape;
pub use shape::expand::Expanded;
pub use shape::meshgrid::Meshgrid;
pub use shape::movedim::Moved;
pub use shape::split::SplitSizes;
pub use shape::stack::Stack;
pub use shape::tensors::Tensors;
pub use support::in_place::{ChangesInPlace, IsNumber, NoOperand, Untracked};
pub use support::not_floats::{Floats, Predicted};
pub use support::number::OneNumber;
pub use support::results::{Binary, Joined, Joined3, Mapped, Merged, Rearranged, Unary, WithPositions};
pub use support::rhs::{GraphIn, HasContext, Operand, Pointwise, Scalar};

/// The types that graphs consist of. Programs do not name them.
#[doc(hidden)]
pub use self::{
    attention::attention::{AttentionBackward, KeyValueBackward},
    attention::rotary_embedding::RotaryEmbeddingBackward,
    conv::add_channels::AddChannelsBackward,
    conv::affine_grid::AffineGridBackward,
    conv::avg_pool::AvgPoolBackward,
    conv::conv::ConvBackward,
    conv::conv_transpose::ConvTransposeBackward,
    conv::conv3d::Conv3dBackward,
    conv::grid_sample::GridSampleBackward,
    conv::interpolate::{InterpolateBackward, Sources},
    conv::max_pool::MaxPoolBackward,
    conv::unfold::{FoldBackward, UnfoldBackward},
    elementwise::activation::{
        CeluBackward, EluBackward, GeluBackward, GeluTanhBackward, HardshrinkBackward, HardsigmoidBackward,
        HardswishBackward, HardtanhBackward, LeakyReluBackward, LogSigmoidBackward, MishBackward,
        Relu6Backward, SeluBackward, SigmoidBackward, SiluBackward, SoftplusBackward, SoftshrinkBackward,
        SoftsignBackward, ThresholdBackward,
    },
    elementwise::add::AddBackward,
    elementwise::atan2::Atan2Backward,
    elementwise::clamp::{ClampBackward, ClampMaxBackward, ClampMinBackward},
    elementwise::div::{DivBackward, NumberDivBackward},
    elementwise::error_function::{ErfBackward, ErfcBackward},
    elementwise::exponential::{
        Exp2Backward, ExpBackward, Expm1Backward, LnBackward, Log1pBackward, Log2Backward, Log10Backward,
    },
    elementwise::glu::GluBackward,
    elementwise::hyperbolic::{
        AcoshBackward, AsinhBackward, AtanhBackward, CoshBackward, SinhBackward, TanhBackward,
    },
    elementwise::lerp::LerpBackward,
    elementwise::logaddexp::{LogAddExp2Backward, LogAddExpBackward},
    elementwise::masked_fill::MaskedFillBackward,
    elementwise::maximum::{MaximumBackward, MinimumBackward},
    elementwise::mul::MulBackward,
    elementwise::neg::NegBackward,
    elementwise::pow::PowBackward,
    elementwise::powers::{ReciprocalBackward, RsqrtBackward, SqrtBackward, SquareBackward},
    elementwise::powi::PowiBackward,
    elementwise::prelu::PreluBackward,
    elementwise::relu::ReluBackward,
    elementwise::remainder::{FmodBackward, RemainderBackward},
    elementwise::rounding::{CeilBackward, FloorBackward, FracBackward, RoundBackward, TruncBackward},
    elementwise::sign::{AbsBackward, SignBackward},
    elementwise::sub::SubBackward,
    elementwise::to::ToBackward,
    elementwise::trigonometric::{
        AcosBackward, AsinBackward, AtanBackward, CosBackward, SinBackward, TanBackward,
    },
    elementwise::where_::WhereBackward,
    elementwise::xlogy::XlogyBackward,
    index::embedding::EmbeddingBackward,
    index::embedding_bag::EmbeddingBagBackward,
    index::gather::GatherBackward,
    index::index_select::IndexSelectBackward,
    index::narrow::NarrowBackward,
    index::scatter::{ScatterAddBackward, ScatterBackward},
    matmul::cdist::CdistBackward,
    matmul::cross::CrossBackward,
    matmul::einsum::{
        EinsumBackward, EinsumPairBackward, einsum_context, einsum_first, einsum_one, einsum_pair,
    },
    matmul::feed_forward::ActivationBackward,
    matmul::kron::KronBackward,
    matmul::linear::LinearBackward,
    matmul::matmul::MatmulBackward,
    norm::batch_norm::BatchNormBackward,
    norm::layer_norm::LayerNormBackward,
    norm::normalize::NormalizeBackward,
    random::dropout::DropoutBackward,
    recurrent::recurrent::{
        Appended, Parameters, Recurrence, RecurrentBackward, RecurrentFlow, RecurrentOutput, StateBackward,
    },
    reduce::amax::AmaxBackward,
    reduce::cummax::CummaxBackward,
    reduce::cumprod::CumprodBackward,
    reduce::cumsum::CumsumBackward,
    reduce::diff::DiffBackward,
    reduce::log_softmax::LogSoftmaxBackward,
    reduce::logsumexp::LogsumexpBackward,
    reduce::max::{MaxAxisBackward, MaxBackward},
    reduce::mean::{MeanAxisBackward, MeanBackward},
    reduce::nansum::NansumBackward,
    reduce::norm::NormBackward,
    reduce::prod::ProdBackward,
    reduce::quantile::QuantileBackward,
    reduce::softmax::SoftmaxBackward,
    reduce::std::StdBackward,
    reduce::sum::{SumAxisBackward, SumBackward},
    reduce::trace::TraceBackward,
    reduce::var::VarBackward,
    shape::cat::{CatBackward, CatOnto},
    shape::diag::DiagBackward,
    shape::expand::ExpandBackward,
    shape::pad::PadBackward,
    shape::permute::ViewBackward,
    shape::repeat_interleave::RepeatInterleaveBackward,
    shape::reshape::ReshapeBackward,
    shape::roll::RollBackward,
    shape::stack::{Next, StackOnto},
    shape::transpose::TransposeBackward,
    shape::tril::{TrilBackward, TriuBackward},
    support::lawful::Lawful,
    support::packed::{Numel, Packed, PackedBackward},
    support::padded_batch::RealRowsBackward,
};
