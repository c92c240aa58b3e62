//! Training on several threads, and when to end it.

mod data_parallel;
mod early_stopping;

pub use data_parallel::DataParallel;
pub use early_stopping::EarlyStopping;
