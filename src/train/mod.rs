//! Training on several threads or machines, and when to end it.

mod data_parallel;
#[cfg(any(test, feature = "mpi"))]
#[cfg_attr(not(feature = "mpi"), allow(dead_code, reason = "what only MPI needs"))]
mod distributed;
mod early_stopping;
#[cfg(test)]
mod test_net;

pub use data_parallel::DataParallel;
#[cfg(feature = "mpi")]
pub use distributed::{Distributed, DistributedError, RankShards, StepShards};
pub use early_stopping::EarlyStopping;
