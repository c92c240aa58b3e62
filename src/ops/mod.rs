//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod activation;
mod add;
mod div;
mod expand;
mod left;
mod clamp;
mod error_function;
mod exponential;
mod hyperbolic;
mod argmax;
mod cross_entropy;
mod empty;
mod gather;
mod index_select;
mod cat;
mod linear;
mod log_softmax;
mod max;
mod mean;
mod mse;
mod einsum;
mod linear;
mod matmul;
mod mul;
mod neg;
mod one_hot;
mod narrow;
mod operand;
mod powers;
mod powi;
mod relu;
mod scan;
mod sub;
mod rounding;
mod sign;
mod softmax;
mod sum;
mod trigonometric;
mod unary;
mod scatter;
mod sort;
mod sum;
mod topk;
mod transpose;

pub use activation::{
    EluBackward, GeluBackward, GeluTanhBackward, HardsigmoidBackward, HardswishBackward, HardtanhBackward,
    LeakyReluBackward, LogSigmoidBackward, MishBackward, Relu6Backward, SigmoidBackward, SiluBackward,
    SoftplusBackward, SoftsignBackward, ThresholdBackward,
};
pub use add::AddBackward;
pub use div::{DivBackward, ReciprocalBackward};
pub use expand::{ExpandBackward, Expanded};
pub use einsum::{EinsumBackward, EinsumPairBackward, einsum_first, einsum_one, einsum_pair};
pub use gather::GatherBackward;
pub use index_select::IndexSelectBackward;
pub use cat::{Cat, CatBackward, CatOnto, Join, Next, Stack, StackOnto};
pub use linear::LinearBackward;
pub use matmul::MatmulBackward;
pub use mul::MulBackward;
pub use neg::NegBackward;
pub use operand::{Operand, Pointwise, Scalar, Surrounded};
pub use narrow::NarrowBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use scan::Scanned;
pub use sub::SubBackward;
pub use clamp::{ClampBackward, ClampMaxBackward, ClampMinBackward};
pub use error_function::{ErfBackward, ErfcBackward};
pub use exponential::{
    Exp2Backward, ExpBackward, Expm1Backward, LnBackward, Log1pBackward, Log2Backward, Log10Backward,
};
pub use hyperbolic::{AcoshBackward, AsinhBackward, AtanhBackward, CoshBackward, SinhBackward, TanhBackward};
pub use cross_entropy::CrossEntropyBackward;
pub use linear::LinearBackward;
pub use log_softmax::LogSoftmaxBackward;
pub use max::{MaxAxisBackward, MaxBackward};
pub use mean::{MeanAxisBackward, MeanBackward};
pub use mse::MseBackward;
pub use mul::MulBackward;
pub use operand::{Operand, Pointwise, Scalar};
pub use powers::{ReciprocalBackward, RsqrtBackward, SqrtBackward, SquareBackward};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use rounding::{CeilBackward, FloorBackward, FracBackward, RoundBackward, TruncBackward};
pub use sign::{AbsBackward, SignBackward};
pub use softmax::SoftmaxBackward;
pub use scatter::{ScatterAddBackward, ScatterBackward};
pub use sum::{SumAxisBackward, SumBackward};
pub use trigonometric::{AcosBackward, AsinBackward, AtanBackward, CosBackward, SinBackward, TanBackward};
pub use transpose::TransposeBackward;
