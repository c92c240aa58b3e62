//! Modules and layers.

mod buffer;
mod checkpointed;
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
mod summary;

pub use buffer::Buffer;
pub use checkpointed::Checkpointed;
pub(crate) use checkpointed::Remembered;
pub use forward::Forward;
pub use frozen::Frozen;
pub use linear::Linear;
pub use load::{LoadError, LoadReport, Mismatch, Strict};
pub(crate) use module::Path;
#[doc(hidden)]
pub use module::total_parameters as __total_parameters;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use param::Param;
pub use parameters::{BufferView, ModuleView, ParameterView};
pub use relu::Relu;
pub use state::{Dtype, StateData, StateDict, StateError, StateTensor};
pub use summary::{Summary, SummaryRow};
pub use typegrad_derive::Module;
