//! Training on several threads.

mod data_parallel;

pub use data_parallel::DataParallel;
