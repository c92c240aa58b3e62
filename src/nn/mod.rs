//! Modules and layers.

mod buffer;
mod clip;
mod forward;
mod frozen;
mod linear;
mod load;
mod module;
mod param;
mod parameters;
mod relu;
mod sequential;
mod state;

pub use crate::storage::Storage;
pub use buffer::Buffer;
pub use clip::NonFiniteNorm;
pub use forward::Forward;
pub use frozen::Frozen;
pub use linear::Linear;
pub use load::{Invalid, LoadError, LoadReport, Mismatch, Strict};
pub(crate) use module::Path;
#[doc(hidden)]
pub use module::total_parameters as __total_parameters;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use param::Param;
pub use parameters::{BufferView, ModuleView, ParameterView};
pub use relu::Relu;
pub use state::{Dtype, StateData, StateDict, StateError, StateTensor};
pub use typegrad_derive::Module;
