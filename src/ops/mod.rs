//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

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

pub use self::reduce::std::StdBackward;
pub use attention::attention::{Attention, AttentionBackward, KeyValueBackward};
pub use attention::mask::Mask;
pub use conv::add_channels::AddChannelsBackward;
pub use conv::avg_pool::AvgPoolBackward;
pub use conv::conv::ConvBackward;
pub use conv::conv_transpose::ConvTransposeBackward;
pub use conv::interpolate::{BilinearMode, InterpolateBackward, Interpolation, NearestMode, Sources};
pub use conv::max_pool::MaxPoolBackward;
pub use elementwise::activation::{
    EluBackward, GeluBackward, GeluTanhBackward, HardsigmoidBackward, HardswishBackward, HardtanhBackward,
    LeakyReluBackward, LogSigmoidBackward, MishBackward, Relu6Backward, SigmoidBackward, SiluBackward,
    SoftplusBackward, SoftsignBackward, ThresholdBackward,
};
pub use elementwise::add::AddBackward;
pub use elementwise::atan2::Atan2Backward;
pub use elementwise::clamp::{ClampBackward, ClampMaxBackward, ClampMinBackward};
pub use elementwise::div::{DivBackward, NumberDivBackward};
pub use elementwise::error_function::{ErfBackward, ErfcBackward};
pub use elementwise::exponential::{
    Exp2Backward, ExpBackward, Expm1Backward, LnBackward, Log1pBackward, Log2Backward, Log10Backward,
};
pub use elementwise::hyperbolic::{
    AcoshBackward, AsinhBackward, AtanhBackward, CoshBackward, SinhBackward, TanhBackward,
};
pub use elementwise::lerp::LerpBackward;
pub use elementwise::masked_fill::MaskedFillBackward;
pub use elementwise::maximum::{MaximumBackward, MinimumBackward};
pub use elementwise::mul::MulBackward;
pub use elementwise::neg::NegBackward;
pub use elementwise::pow::PowBackward;
pub use elementwise::powers::{ReciprocalBackward, RsqrtBackward, SqrtBackward, SquareBackward};
pub use elementwise::powi::PowiBackward;
pub use elementwise::relu::ReluBackward;
pub use elementwise::remainder::{FmodBackward, RemainderBackward};
pub use elementwise::rounding::{CeilBackward, FloorBackward, FracBackward, RoundBackward, TruncBackward};
pub use elementwise::sign::{AbsBackward, SignBackward};
pub use elementwise::sub::SubBackward;
pub use elementwise::trigonometric::{
    AcosBackward, AsinBackward, AtanBackward, CosBackward, SinBackward, TanBackward,
};
pub use elementwise::where_::WhereBackward;
pub use index::embedding::EmbeddingBackward;
pub use index::gather::GatherBackward;
pub use index::index_select::IndexSelectBackward;
pub use index::narrow::NarrowBackward;
pub use index::scatter::{ScatterAddBackward, ScatterBackward};
pub use matmul::einsum::{
    EinsumBackward, EinsumPairBackward, einsum_context, einsum_first, einsum_one, einsum_pair,
};
pub use matmul::feed_forward::ActivationBackward;
pub use matmul::linear::LinearBackward;
pub use matmul::matmul::MatmulBackward;
pub use norm::batch_norm::BatchNormBackward;
pub(crate) use norm::batch_norm::Statistics;
pub use norm::layer_norm::LayerNormBackward;
pub use norm::normalize::NormalizeBackward;
pub use random::dropout::DropoutBackward;
pub use recurrent::recurrent::{
    Appended, Parameters, Recurrence, RecurrentBackward, RecurrentFlow, RecurrentOutput, StateBackward,
};
pub(crate) use recurrent::recurrent::{Layers, recurrent, weights};
pub use recurrent::scan::Scanned;
pub use reduce::amax::AmaxBackward;
pub use reduce::cumsum::CumsumBackward;
pub use reduce::log_softmax::LogSoftmaxBackward;
pub use reduce::logsumexp::LogsumexpBackward;
pub use reduce::max::{MaxAxisBackward, MaxBackward};
pub use reduce::mean::{MeanAxisBackward, MeanBackward};
pub use reduce::norm::NormBackward;
pub use reduce::prod::ProdBackward;
pub use reduce::softmax::SoftmaxBackward;
pub use reduce::sum::{SumAxisBackward, SumBackward};
pub use reduce::var::VarBackward;
pub use shape::cat::{Cat, CatBackward, CatOnto};
pub use shape::chunk::ChunkShape;
pub use shape::diag::DiagBackward;
pub use shape::expand::{ExpandBackward, Expanded};
pub use shape::movedim::Moved;
pub use shape::pad::{Pad2d, PadBackward, Padded2dShape, PaddedShape};
pub use shape::permute::ViewBackward;
pub use shape::reshape::ReshapeBackward;
pub use shape::roll::RollBackward;
pub use shape::split::Parts;
pub use shape::stack::{Next, Stack, StackOnto};
pub use shape::tensors::Tensors;
pub use shape::transpose::TransposeBackward;
pub use shape::tril::{TrilBackward, TriuBackward};
pub use support::packed::{Numel, Packed, PackedBackward};
pub use support::results::{Binary, Joined, Joined3, Unary};
pub use support::rhs::{HasContext, Operand, Pointwise, Scalar};
