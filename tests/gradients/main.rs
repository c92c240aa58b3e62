//! Gradients of layers compared with differences: of the input, and of every element of every parameter.
//!
//! The losses are in `src/loss/`, each next to its formula, the operations in `src/ops/` and, by family, in `tests/properties/`.

mod attention;
mod check;
mod conv;
mod elementwise;
mod index;
mod matmul;
mod norm;
mod random;
mod recurrent;
mod reduce;
mod shape;
