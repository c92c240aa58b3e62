//! The operations, one in each file: the mathematics, the backward pass, the method, its tests.

mod activation;
mod add;
mod argmax;
mod cat;
mod clamp;
mod cross_entropy;
mod div;
mod einsum;
mod empty;
mod error_function;
mod expand;
mod exponential;
mod gather;
mod hyperbolic;
mod index_select;
mod left;
mod linear;
mod log_softmax;
mod matmul;
mod max;
mod mean;
mod mse;
mod mul;
mod narrow;
mod neg;
mod one_hot;
mod operand;
mod powers;
mod powi;
mod products;
mod relu;
mod rounding;
mod scan;
mod scatter;
mod sign;
mod softmax;
mod sort;
mod sub;
mod sum;
mod topk;
mod transpose;
mod trigonometric;
mod unary;

pub use activation::{
    EluBackward, GeluBackward, GeluTanhBackward, HardsigmoidBackward, HardswishBackward, HardtanhBackward,
    LeakyReluBackward, LogSigmoidBackward, MishBackward, Relu6Backward, SigmoidBackward, SiluBackward,
    SoftplusBackward, SoftsignBackward, ThresholdBackward,
};
pub use add::AddBackward;
pub use cat::{Cat, CatBackward, CatOnto, Join, Next, Stack, StackOnto};
pub use clamp::{ClampBackward, ClampMaxBackward, ClampMinBackward};
pub use cross_entropy::CrossEntropyBackward;
pub use div::{DivBackward, NumberDivBackward};
pub use einsum::{EinsumBackward, EinsumPairBackward, einsum_first, einsum_one, einsum_pair};
pub use error_function::{ErfBackward, ErfcBackward};
pub use expand::{ExpandBackward, Expanded};
pub use exponential::{
    Exp2Backward, ExpBackward, Expm1Backward, LnBackward, Log1pBackward, Log2Backward, Log10Backward,
};
pub use gather::GatherBackward;
pub use hyperbolic::{AcoshBackward, AsinhBackward, AtanhBackward, CoshBackward, SinhBackward, TanhBackward};
pub use index_select::IndexSelectBackward;
pub use linear::LinearBackward;
pub use log_softmax::LogSoftmaxBackward;
pub use matmul::MatmulBackward;
pub use max::{MaxAxisBackward, MaxBackward};
pub use mean::{MeanAxisBackward, MeanBackward};
pub use mse::MseBackward;
pub use mul::MulBackward;
pub use narrow::NarrowBackward;
pub use neg::NegBackward;
pub use operand::{Operand, Pointwise, Scalar, Surrounded};
pub use powers::{ReciprocalBackward, RsqrtBackward, SqrtBackward, SquareBackward};
pub use powi::PowiBackward;
pub use relu::ReluBackward;
pub use rounding::{CeilBackward, FloorBackward, FracBackward, RoundBackward, TruncBackward};
pub use scan::Scanned;
pub use scatter::{ScatterAddBackward, ScatterBackward};
pub use sign::{AbsBackward, SignBackward};
pub use softmax::SoftmaxBackward;
pub use sub::SubBackward;
pub use sum::{SumAxisBackward, SumBackward};
pub use transpose::TransposeBackward;
pub use trigonometric::{AcosBackward, AsinBackward, AtanBackward, CosBackward, SinBackward, TanBackward};
