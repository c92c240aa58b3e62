//! Modules and layers.

mod bias;
mod buffer;
mod clip;
mod dropout;
mod forward;
mod frozen;
mod generator;
mod linear;
mod load;
mod module;
mod multihead_attention;
mod param;
mod parameters;
mod relu;
mod sequential;
mod state;

pub use crate::ops::Mask;
pub use bias::{Bias, Biased, NoBias, WithoutBias};
pub use buffer::Buffer;
pub use dropout::{Dropout, Dropout2d};
pub use forward::Forward;
pub use frozen::Frozen;
pub use generator::Generator;
pub use linear::Linear;
pub use load::{LoadError, LoadReport, Mismatch, Strict};
pub(crate) use module::Path;
#[doc(hidden)]
pub use module::total_parameters as __total_parameters;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use multihead_attention::{MultiheadAttention, Times};
pub use param::Param;
pub use parameters::{BufferView, ModuleView, ParameterView};
pub use relu::Relu;
pub use state::{Dtype, StateData, StateDict, StateError, StateTensor};
pub use typegrad_derive::Module;
