//! Modules and layers.

mod buffer;
mod forward;
mod linear;
mod module;
mod param;
mod relu;
mod sequential;

pub use buffer::Buffer;
pub use forward::Forward;
pub use linear::Linear;
pub use module::{Init, Module, Name, Visitor, VisitorMut};
pub use param::Param;
pub use relu::Relu;
pub use typegrad_derive::Module;
