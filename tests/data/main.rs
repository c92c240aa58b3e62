//! Datasets: tables, and batches of them.

mod affine;
mod loader;
mod tables;
