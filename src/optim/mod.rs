//! Optimizers: what changes the parameters of a module by their gradients.
//!
//! One object, which knows nothing of the type of the module it trains: it can be a field of any struct. Its state
//! is kept by the order in which [`Module::visit`](crate::nn::Module::visit) shows the parameters.

mod adam;
mod group;
mod sgd;
mod state;

pub use adam::Adam;
pub use group::Group;
pub use sgd::Sgd;
