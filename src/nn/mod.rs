//! Modules and layers.

mod affine;
mod batch_norm;
mod bias;
mod buffer;
mod clip;
mod dropout;
mod embedding;
mod forward;
mod frozen;
mod generator;
mod group_norm;
mod layer_norm;
mod linear;
mod load;
mod module;
mod param;
mod parameters;
mod relu;
mod residual;
mod rms_norm;
mod sequential;
mod state;

pub use affine::{Affine, MaybeParam, NoAffine};
pub use batch_norm::{BatchNorm1d, BatchNorm2d};
pub use bias::{Bias, Biased, NoBias, WithoutBias};
pub use buffer::Buffer;
pub use dropout::{Dropout, Dropout2d};
pub use embedding::Embedding;
pub use forward::Forward;
pub use frozen::Frozen;
pub use generator::Generator;
pub use group_norm::GroupNorm;
pub use layer_norm::LayerNorm;
pub use linear::Linear;
pub use load::{LoadError, LoadReport, Mismatch, Strict};
pub(crate) use module::Path;
#[doc(hidden)]
pub use module::total_parameters as __total_parameters;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use param::Param;
pub use parameters::{BufferView, ModuleView, ParameterView};
pub use relu::Relu;
pub use residual::Residual;
pub use rms_norm::RmsNorm;
pub use state::{Dtype, StateData, StateDict, StateError, StateTensor};
pub use typegrad_derive::Module;
