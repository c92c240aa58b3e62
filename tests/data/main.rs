//! Datasets: tables, and batches of them.

mod loader;
mod tables;
