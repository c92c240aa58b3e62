//! The transport of a job: a handful of functions, so that everything else runs without MPI in tests.

/// The processes of a job, of which this is one.
pub(super) trait Transport {
    /// The number of this process, counted from 0.
    fn rank(&self) -> usize;
    /// The number of processes.
    fn size(&self) -> usize;
    /// Sends and receives all of these, each with the rank at the other end, and returns when all are done. The messages
    /// between two ranks stay in order.
    fn exchange(&self, sends: [Option<(usize, &[u8])>; 2], receives: [Option<(usize, &mut [u8])>; 2]);
    /// Ends the job. All ranks do it.
    fn finish(&mut self);
    /// The text of the panic that unwinds, where it ends the process and so the job.
    fn last_panic(&self) -> Option<String> {
        None
    }
    /// Ends all processes of the job because of an error.
    fn abort(&self) -> !;
}
