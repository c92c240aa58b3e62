//! Errors of a job.

use crate::error_format::debug_as_display;

/// Why a job does not start, or a checkpoint of it is not written or read. All ranks have the same error.
#[derive(thiserror::Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DistributedError {
    /// MPI runs already.
    #[error("MPI is already initialized, or was finalized: a process has one `Distributed`, until its end")]
    Initialized,
    /// The MPI library cannot be used by a process with threads.
    #[error("this MPI library does not support processes with threads (MPI_THREAD_FUNNELED)")]
    Threads,
    /// Each process would train everything, and write the same checkpoint.
    #[error(
        "this process is a job of its own, but {variable} says that {processes} processes were started: `mpirun`, or \
         `srun --mpi=`, is not that of the MPI library which the program was built with"
    )]
    Alone {
        /// The variable of the environment.
        variable: &'static str,
        /// Its value.
        processes: usize,
    },
    /// A rank runs something else.
    #[error("rank {rank} differs from rank 0: {problem}")]
    Different {
        /// The first rank that differs.
        rank: usize,
        /// The first difference.
        problem: String,
    },
    /// The state of a rank differs from that of rank 0, so no checkpoint is written.
    #[error(
        "the {part} of rank {rank} are not those of rank 0: were they changed or used on one rank only, or is its \
         machine faulty?"
    )]
    Diverged {
        /// The first rank that differs.
        rank: usize,
        /// The part that differs there, such as the parameters.
        part: &'static str,
    },
    /// Rank 0 cannot write or read the checkpoint.
    #[error("rank 0: {0}")]
    Checkpoint(String),
    /// The state of rank 0 does not fit the model or the optimizer.
    #[error("the state of rank 0 cannot be loaded: {0}")]
    State(String),
}

debug_as_display!(DistributedError);
