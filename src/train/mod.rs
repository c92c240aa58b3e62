//! Data-parallel training and early stopping. There is no trainer: the loop over batches is part of the program.
//!
//! | | |
//! |---|---|
//! | [`DataParallel`] | a step on several threads, bit-identical for any number of them |
//! | `Distributed`, with the feature `mpi` | the same on several processes and machines |
//! | [`EarlyStopping`] | ends training when the validation loss no longer improves, and restores the best weights |

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
