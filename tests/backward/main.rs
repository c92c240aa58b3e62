//! The order in which a graph runs backward.

mod boxes;
mod log;
mod order;
