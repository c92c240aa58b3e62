//! Modules, layers and state dicts. PyTorch's `torch.nn`.
//!
//! A network is a struct with `#[derive(Module)]`, whose fields are layers, parameters and buffers, and an implementation of
//! [`Forward`]. Tuples and arrays of layers are networks, too:
//!
//! ```
//! use typegrad::prelude::*;
//!
//! #[derive(Module)]
//! struct Classifier {
//!     body: [(Linear<8, 8>, Relu); 3],
//!     head: Linear<8, 2>,
//! }
//!
//! impl<const B: usize> Forward<Rank2<B, 8>> for Classifier {
//!     type Output = Rank2<B, 2>;
//!     fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
//!         self.head.call(self.body.call(x))
//!     }
//! }
//!
//! let net = Classifier::new(&mut Rng::seed(0));
//! let x = Tensor::<Rank2<4, 8>>::ones();
//! net.train(x.clone()).cross_entropy(&Tensor::from([0, 1, 1, 0])).backward();
//! let scores: Tensor<Rank2<4, 2>> = net.infer(x);
//! ```
//!
//! | | |
//! |---|---|
//! | [`Module`], [`Forward`], [`Forward2`], [`Init`] | the traits of a network; `train`, `eval`, `infer` and `sample` run it |
//! | [`ModuleExt`] | methods of every module: `zero_grad`, `num_parameters`, `named_parameters`, `state_dict`, `clip_grad_norm` |
//! | [`Param`], [`Buffer`] | a trained tensor; a saved tensor that is not trained |
//! | [`StateDict`], [`LoadError`] | parameters by name, and the differences if they do not fit |
//! | [`Linear`], [`Conv2d`], [`Embedding`], .. | layers with PyTorch's names; `NoBias<L>` and `NoAffine<L>` leave parameters out |
//! | [`Lstm`], [`Gru`], [`MultiheadAttention`], [`TransformerEncoderLayer`], .. | layers of sequences |
//! | [`Frozen`], [`Residual`], [`Checkpointed`], [`AveragedModel`] | wrappers of a module |
//! | [`Summary`], [`check`](check()) | the table of a network, and its check at compile time |
//! | [`init`] | initial values |

mod activation;
mod affine;
mod attention_weights;
mod averaged;
mod batch_norm;
mod bias;
mod check;
mod check2;
#[cfg(test)]
mod check_tests;
mod checkpointed;
mod checkpointed2;
mod clip;
mod conv;
mod conv3d;
mod conv_layer;
mod conv_transpose;
mod dropout;
mod embedding;
mod embedding_bag;
mod flatten;
mod forward2;
mod forward_impls;
mod frozen;
mod frozen_attention;
mod generator;
mod glu;
mod group_norm;
pub mod init;
mod instance_norm;
mod kv_cache;
mod layer_norm;
mod linear;
mod load;
mod long_tuple;
mod module_ext;
mod module_views;
mod multihead_attention;
mod multihead_cross_attention;
mod pixel_shuffle;
mod pool;
mod prelu;
mod recompute;
mod rect_pool;
mod recurrent;
mod residual;
mod rms_norm;
mod sequential;
mod shaped_layer_norm;
mod snapshot;
mod state_dict;
mod state_kind;
mod state_parts;
mod state_tensor;
mod summary;
mod torch_options;
mod transformer;
mod upsample;
mod walk;
mod with_elements;
mod wrong_elements;

#[doc(hidden)]
pub use crate::module::total_parameters as __total_parameters;
pub use crate::module::{
    ElementIs, Forward, Inferred, Init, Module, Name, Ran, ShapeIs, Visitor, VisitorMut, WhereItFits,
};
#[doc(hidden)]
pub use crate::module::{Fits, HasNew as __HasNew, NotCalled};
pub use crate::ops::{BagMode, BilinearMode, GridSample, Interpolation, Mask, NearestMode};
pub use crate::state_data::{Dtype, StateData};
pub use crate::tensor::buffer::Buffer;
pub use crate::tensor::generator::Generator;
pub use crate::tensor::param::Param;

#[doc(hidden)]
pub use crate::graph::{Field as __Field, ModuleParts as __ModuleParts};
#[doc(hidden)]
pub use crate::shape::TypeLaw as __TypeLaw;
pub use activation::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyRelu, LogSigmoid,
    LogSoftmax, Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softmax, Softplus, Softshrink, Softsign, Tanh,
};
pub use affine::{AffineLayer, MaybeParam, NoAffine};
pub use averaged::AveragedModel;
pub use batch_norm::{BatchNorm1d, BatchNorm2d};
pub use bias::{Bias, BiasOf, Biased, Biases, NoBias, WithBias, WithoutBias};
pub use check::{check, check_loss};
#[doc(hidden)]
pub use check2::CheckedElements as __CheckedElements;
pub use check2::{check_loss2, check2};
pub use checkpointed::Checkpointed;
pub use clip::NonFiniteNorm;
pub use conv::{Conv1d, Conv2d, RectConv2d};
pub use conv_transpose::{ConvTranspose1d, ConvTranspose2d, RectConvTranspose2d};
pub use conv3d::{Conv3d, RectConv3d};
pub use dropout::{Dropout, Dropout2d};
pub use embedding::Embedding;
pub use embedding_bag::EmbeddingBag;
pub use flatten::{Flatten, Unflatten};
#[doc(hidden)]
pub use forward2::BothInputs;
pub use forward2::{Called2, Forward2, Ran2};
pub use frozen::Frozen;
pub use glu::Glu;
pub use group_norm::GroupNorm;
pub use instance_norm::{InstanceNorm1d, InstanceNorm2d};
pub use kv_cache::KvCache;
pub use layer_norm::LayerNorm;
pub use linear::Linear;
#[cfg(feature = "pt")]
pub(crate) use load::DICT;
pub use load::{Invalid, LoadError, LoadReport, Mismatch, Strict};
pub use module_ext::ModuleExt;
pub use module_views::{BufferView, ModuleView, ParameterMut, ParameterView};
pub use multihead_attention::MultiheadAttention;
pub use multihead_cross_attention::MultiheadCrossAttention;
pub use pixel_shuffle::{PixelShuffle, PixelUnshuffle};
pub use pool::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d,
};
pub use prelu::PRelu;
pub use rect_pool::{RectAvgPool2d, RectAvgPool3d, RectMaxPool2d, RectMaxPool3d};
pub use recurrent::cell::{GruCell, LstmCell, RecurrentCell, RnnCell};
pub use recurrent::gru::Gru;
pub use recurrent::layer::Recurrent;
pub use recurrent::lengths::RecurrentLengths;
pub use recurrent::lstm::Lstm;
pub use recurrent::params::RecurrentParams;
#[doc(hidden)]
pub use recurrent::params::{GateDim, GateWeights, StackLayer, Units};
pub use recurrent::projected_lstm::ProjectedLstm;
pub use recurrent::rnn::{Nonlinearity, Rnn};
pub use recurrent::shapes::{Direction, Directions, Sequence, StepInput};
pub use residual::Residual;
pub use rms_norm::RmsNorm;
pub use shaped_layer_norm::ShapedLayerNorm;
pub(crate) use snapshot::{Buffers, Snapshot};
pub use state_dict::StateDict;
pub(crate) use state_kind::Taker;
pub use state_tensor::{StateError, StateTensor};
pub use summary::{Summary, SummaryRow};
#[doc(hidden)]
pub use torch_options::TorchOptions;
pub use transformer::{TransformerDecoderLayer, TransformerEncoderLayer};
pub use typegrad_derive::Module;
pub use upsample::Upsample;
pub(crate) use walk::{NamedVisitor, Path, Walk};
pub use with_elements::{__Kept, WithElements};
