//! Modules and layers.

mod bias;
mod buffer;
mod cell;
mod clip;
mod dropout;
mod forward;
mod frozen;
mod generator;
mod gru;
mod linear;
mod load;
mod lstm;
mod module;
mod param;
mod parameters;
mod recurrent;
mod relu;
mod rnn;
mod sequence;
mod sequential;
mod stack;
mod state;

pub use bias::{Bias, Biased, NoBias, WithoutBias};
pub use buffer::Buffer;
pub use cell::{Cell, GruCell, LstmCell, RnnCell};
pub use dropout::{Dropout, Dropout2d};
pub use forward::Forward;
pub use frozen::Frozen;
pub use generator::Generator;
pub use gru::Gru;
pub use linear::Linear;
pub use load::{LoadError, LoadReport, Mismatch, Strict};
pub use lstm::Lstm;
pub(crate) use module::Path;
#[doc(hidden)]
pub use module::total_parameters as __total_parameters;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use param::Param;
pub use parameters::{BufferView, ModuleView, ParameterView};
pub use recurrent::Recurrent;
pub use relu::Relu;
pub use rnn::{Nonlinearity, Rnn};
pub use sequence::{Direction, Directions, Sequence, StepInput};
pub use stack::{GateDim, GateWeights, Stack, StackLayer, Units};
pub use state::{Dtype, StateData, StateDict, StateError, StateTensor};
pub use typegrad_derive::Module;
