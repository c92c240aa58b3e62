//! Tests of new tensors that need only the public interface.

mod create;
mod random;
