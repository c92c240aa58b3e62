//! The transport of MPI.

use super::DistributedError;
use super::transport::Transport;
use mpi::Threading;
use mpi::environment::Universe;
use mpi::request::WaitGuard;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, Destination, Source};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a process may continue after it left a job without `finish`, such as to print its error.
const REST: Duration = Duration::from_secs(5);

/// The text of the last panic of any thread.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// In which `mpirun` of Open MPI, that of MPICH and others, and Slurm's `srun` say how many processes they started.
const STARTED: [&str; 3] = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

/// Keeps the text of each panic, and prints it as before.
fn keep_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("without a name");
        let text = format!("the thread {name} panicked: {}", info.payload_as_str().unwrap_or("no text"));
        let text = info.location().map_or(text.clone(), |place| format!("{text} ({place})"));
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        print(info);
    }));
}

/// All processes that `mpirun` started.
pub(super) struct World {
    /// Finalizes MPI when it is dropped, for which it waits for all ranks. So `finish` alone drops it: a process that leaves
    /// earlier ends the job.
    universe: Option<Universe>,
    world: SimpleCommunicator,
}

impl World {
    pub(super) fn new() -> Result<Self, DistributedError> {
        let (universe, threading) =
            mpi::initialize_with_threading(Threading::Funneled).ok_or(DistributedError::Initialized)?;
        if threading < Threading::Funneled {
            return Err(DistributedError::Threads);
        }
        let world = universe.world();
        let others = STARTED.into_iter().find_map(|variable| {
            let processes = std::env::var(variable).ok()?.parse().ok()?;
            (processes > 1).then_some(DistributedError::Alone { variable, processes })
        });
        if let Some(alone) = others.filter(|_| world.size() == 1) {
            return Err(alone);
        }
        keep_panics();
        Ok(World { universe: Some(universe), world })
    }
}

/// MPI's number of a rank.
fn number(rank: usize) -> i32 {
    i32::try_from(rank).expect("a rank comes from an i32")
}

impl Transport for World {
    fn rank(&self) -> usize {
        usize::try_from(self.world.rank()).expect("ranks count from 0")
    }

    fn size(&self) -> usize {
        usize::try_from(self.world.size()).expect("a job has a process")
    }

    fn exchange(&self, sends: [Option<(usize, &[u8])>; 2], receives: [Option<(usize, &mut [u8])>; 2]) {
        mpi::request::scope(|scope| {
            // A guard waits when it is dropped.
            let _receives = receives.map(|receive| {
                receive.map(|(rank, bytes)| {
                    let from = self.world.process_at_rank(number(rank));
                    WaitGuard::from(from.immediate_receive_into(scope, bytes))
                })
            });
            let _sends = sends.map(|send| {
                send.map(|(rank, bytes)| {
                    WaitGuard::from(self.world.process_at_rank(number(rank)).immediate_send(scope, bytes))
                })
            });
        });
    }

    fn finish(&mut self) {
        self.universe = None;
    }

    fn last_panic(&self) -> Option<String> {
        let text = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
        Some(text.unwrap_or_else(|| "it panicked".to_owned()))
    }

    fn abort(&self) -> ! {
        self.world.abort(1)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(universe) = self.universe.take() else { return };
        std::mem::forget(universe);
        // The other ranks wait until this process ends, which it may not do by itself.
        let text = format!(
            "rank {} still runs {} s after it left the job: its process ends\n",
            self.rank(),
            REST.as_secs()
        );
        let end = move || {
            std::thread::sleep(REST);
            eprint!("{text}");
            // Time for `mpirun` to read it.
            std::thread::sleep(Duration::from_millis(100));
            std::process::exit(1)
        };
        std::thread::Builder::new().spawn(end).ok();
    }
}
