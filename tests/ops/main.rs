//! Tests of operations that need only the public interface.

mod norm;
mod pad;
mod unfold;
