//! Data-parallel training on several processes, on one machine or many.
//!
//! Each process, a rank, has a copy of the network and runs some of the shards of a step. With gₛ the gradient of shard s, a
//! mean over nₛ of n rows, every rank gets Σ (nₛ / n) gₛ, added in the order of the shards, as in
//! [`DataParallel`]. Then all do the same step, and stay equal.

mod call;
mod elements;
mod error;
#[cfg(test)]
mod fault_tests;
mod fingerprint;
#[cfg(test)]
mod local;
mod messages;
mod optimizer;
mod relay;
mod shards;
mod step;
#[cfg(test)]
mod tests;
mod transport;
#[cfg(feature = "mpi")]
mod world;

use crate::data::{Batch, Dataset, Epoch, Padded, Position, Shards};
use crate::element::Float;
use crate::io::Checkpoint;
use crate::nn::{Module, ModuleExt, Strict};
use crate::rng::Rng;
use crate::train::DataParallel;
use call::{Agreed, Call, FIRST, Kind};
use optimizer::OptimizerOfAJob;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::fmt;
use std::path::Path;
use step::{Layout, Step};
use transport::Transport;

pub use error::DistributedError;
pub use shards::{RankShards, StepShards};

/// Training on several processes that `mpirun` or Slurm started, on one machine or many. PyTorch's `init_process_group`,
/// `DistributedSampler` and `DistributedDataParallel`. Needs the feature `mpi` and an MPI library of the system.
///
/// A batch is a number of shards, as for [`DataParallel`], and each process runs some of them, on one or several threads. Results
/// depend on the shards only: losses and parameters are bit-identical for any number of processes and threads, and to
/// those of `DataParallel`. A program changes in three lines:
///
/// ```
/// use typegrad::data::{Batch, Dataset};
/// use typegrad::prelude::*;
/// use typegrad::train::Distributed;
///
/// let mut rng = Rng::seed(0);
/// let examples: Vec<([f32; 2], i64)> =
///     (0..70).map(|_| [rng.normal() as f32, rng.normal() as f32]).map(|x| (x, i64::from(x[0] > x[1]))).collect();
/// let train = examples.batches::<8>().shards::<4>(); // 4 * 8 examples for each step
///
/// let mut net = Linear::<2, 2>::new(&mut rng);
/// let mut adam = Adam::new(0.1);
/// let parallel = Distributed::start(2, &mut net, &mut adam, &mut rng)?; // was: DataParallel::new(2)
/// for _ in 0..20 {
///     for shards in parallel.shards(train.epoch(&mut rng)) { // was: train.epoch(&mut rng)
///         net.zero_grad();
///         parallel.backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
///             net.train(x).cross_entropy(&y).backward()
///         });
///         adam.step(&mut net);
///     }
/// }
/// parallel.finish(); // new
/// # Ok::<(), typegrad::train::DistributedError>(())
/// ```
///
/// Without `mpirun` the program is a job of one process. [`rank`](Self::rank) 0 is the one that prints.
///
/// All ranks make the same calls in the same order, as in every MPI program. If they do not, if a rank panics or is
/// killed, or returns before [`finish`](Self::finish), the whole job ends with a message that names the rank. A job that was
/// ended continues from its last checkpoint ([`save`](Self::save), [`load`](Self::load)), bit-identically, also with another
/// number of processes. `docs/cluster.md` of the repository says how to start a job, what is sent, and when it pays.
#[must_use = "the job ends when this is dropped"]
pub struct Distributed {
    transport: Box<dyn Transport>,
    threads: DataParallel,
    calls: Cell<u64>,
    steps: Cell<u64>,
    sent: Cell<u64>,
    finished: bool,
}

impl Distributed {
    /// Joins the processes of the job, each of which runs its shards on so many threads, and
    /// [synchronizes](Self::synchronize) them. It comes first, on the main thread of the program.
    ///
    /// # Errors
    /// If the ranks do not run the same program with the same seed, if MPI was initialized before, or if processes were
    /// started together but by a `mpirun` of another MPI library, so that each is alone.
    ///
    /// # Panics
    /// If `threads` is 0.
    #[cfg(feature = "mpi")]
    #[track_caller]
    pub fn start<M: Module>(
        threads: usize,
        net: &mut M,
        optimizer: &mut impl OptimizerOfAJob,
        rng: &mut Rng,
    ) -> Result<Self, DistributedError> {
        let threads = DataParallel::new(threads);
        let world = world::World::new()?;
        Distributed::over(Box::new(world), threads, net, optimizer, rng)
    }

    fn over<M: Module>(
        transport: Box<dyn Transport>,
        threads: DataParallel,
        net: &mut M,
        optimizer: &mut impl OptimizerOfAJob,
        rng: &mut Rng,
    ) -> Result<Self, DistributedError> {
        let (calls, steps, sent) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let job = Distributed { transport, threads, calls, steps, sent, finished: false };
        match job.synchronize(net, optimizer, rng) {
            Ok(()) => Ok(job),
            Err(error) => {
                // All ranks have it.
                job.finish();
                Err(error)
            }
        }
    }

    /// The number of this process in the job, counted from 0. PyTorch's `get_rank`.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.transport.rank()
    }

    /// The number of processes of the job. PyTorch's `get_world_size`.
    #[must_use]
    pub fn num_ranks(&self) -> usize {
        self.transport.size()
    }

    /// Compares the networks, optimizers and generators of all ranks, then gives all ranks those of rank 0: parameters,
    /// buffers, the generators inside, the state of the optimizer, and `rng`. [`start`](Self::start) does it for the first network of a
    /// program.
    ///
    /// # Errors
    /// If a rank has another version of this crate or other instructions, other names, shapes or element types, another
    /// optimizer or other options of it (those that its `Debug` text shows), or another state of `rng`, such as that of
    /// another seed: the error, the same on all ranks, names the first such rank and its first difference.
    pub fn synchronize<M: Module>(
        &self,
        net: &mut M,
        optimizer: &mut impl OptimizerOfAJob,
        rng: &mut Rng,
    ) -> Result<(), DistributedError> {
        let kind = Kind::Synchronize;
        let lines = fingerprint::lines(net, optimizer, rng);
        let checksum = crc32fast::hash(lines.join("\n").as_bytes());
        if self.gather(kind, &checksum).iter().any(|other| *other != checksum) {
            let first = self.gather(kind, &(self.rank() == 0).then(|| lines.clone())).swap_remove(0);
            let difference = first.and_then(|first| fingerprint::difference(&lines, &first));
            let differences = self.gather(kind, &difference).into_iter().enumerate();
            let found = differences.into_iter().find_map(|(rank, problem)| Some((rank, problem?)));
            if let Some((rank, problem)) = found {
                return Err(DistributedError::Different { rank, problem });
            }
        }
        let (mut state, mut buffers) = (vec![], vec![]);
        if self.rank() == 0 {
            let (model, optimizer, rng) = (net.state_dict(), optimizer.state(), Some(rng.clone()));
            let generators = net.generator_state();
            let checkpoint = Checkpoint { model, optimizer, rng, generators, ..Checkpoint::default() };
            checkpoint.write(&mut state).expect("a vector takes all bytes");
            for buffer in step::buffers(net) {
                elements::write(&buffer, 0..buffer.len(), &mut buffers);
            }
        }
        let state = self.gather_bytes(kind, &state);
        let buffers = self.gather_bytes(kind, &buffers);
        if self.rank() == 0 {
            return Ok(());
        }
        let failed = |error: &dyn fmt::Display| DistributedError::State(error.to_string());
        let saved = Checkpoint::from_bytes(&state).map_err(|error| failed(&error))?;
        net.load_state_dict(&saved.model, Strict::Yes).map_err(|error| failed(&error))?;
        net.load_generator_state(&saved.generators).map_err(|error| failed(&error))?;
        optimizer.load(&saved.optimizer, net).map_err(|error| failed(&error))?;
        *rng = saved.rng.unwrap_or_else(|| rng.clone());
        let (mut own, mut bytes) = (step::buffers(net), buffers.as_slice());
        for buffer in &mut own {
            elements::read(buffer, 0..buffer.len(), &mut bytes);
        }
        step::restore(net, own);
        Ok(())
    }

    /// The steps of an epoch, each with the shards that this rank runs. PyTorch's `DistributedSampler`.
    ///
    /// The first of the shards of a step are those of rank 0, and none has more than one more than another. A last step of
    /// fewer shards is divided as well; where shards are fewer than ranks, some ranks have none.
    pub fn shards<D: Dataset, const B: usize, const N: usize>(
        &self,
        epoch: Shards<Epoch<D, B>, N>,
    ) -> RankShards<D, B> {
        RankShards::new(epoch, self.rank(), self.num_ranks())
    }

    /// Runs the backward pass of a step: [`DataParallel::backward`] over the shards of all ranks. Returns the mean loss over
    /// all rows of all ranks, the same on each.
    ///
    /// The gradients of all shards are added to those of `net` on every rank, in the order of the shards. The buffers of `net` become
    /// those of the first shard on every rank, and each [`Generator`](crate::nn::Generator) gives every shard numbers of its
    /// own.
    ///
    /// All shards of an epoch on every rank would be added once for each rank:
    ///
    /// ```compile_fail,E0277
    /// # use typegrad::data::Dataset;
    /// # use typegrad::prelude::*;
    /// # use typegrad::train::Distributed;
    /// # fn step(parallel: Distributed, mut net: Linear<2, 1>) {
    /// let train = vec![[1.0_f32, 2.0]; 70].batches::<8>().shards::<4>();
    /// for shards in train.in_order() { // in place of parallel.shards(train.in_order())
    ///     parallel.backward(&mut net, shards, |net, batch| net.train(batch.data).mean().backward());
    /// }
    /// # }
    /// ```
    ///
    /// # Panics
    /// If `step` panics: with the same, which ends the job unless it is caught. The job also ends if the ranks make different
    /// calls, or if the networks of two ranks differ. Generators and tensors of at most 1,024 elements are compared in each step,
    /// larger ones in one of 16.
    pub fn backward<M, T, E, const B: usize>(
        &self,
        net: &mut M,
        shards: impl shards::Step<T, B> + shards::OfOneRank<T, B>,
        step: impl Fn(&M, Batch<T, B>) -> E + Sync,
    ) -> E
    where
        M: Module + Clone + Sync,
        T: Send,
        E: Float,
    {
        let StepShards { batches, first, count, rows, position } = shards.step();
        // A call that panics counts as well: the generators have been drawn from.
        let call = self.call(Kind::Backward);
        let layout = Layout::of(net, self.num_ranks());
        let bytes = layout.sizes.iter().map(|(up, _)| *up as u64).sum();
        let state = if self.num_ranks() > 1 { fingerprint::before_step(net, self.steps.get()) } else { 0 };
        self.steps.set(self.steps.get() + 1);
        let batches = (first..).zip(batches);
        let (losses, results) = self.threads.run(net, batches, count, rows, step);
        let call = Call { shards: count as u64, rows: rows as u64, position, bytes, state, ..call };
        let sizes: Vec<_> = [FIRST].into_iter().chain(layout.sizes.iter().copied()).collect();
        let next = |before: Option<u64>| match before {
            Some(before) => losses.iter().fold(f64::from_bits(before), |sum, loss| sum + loss).to_bits(),
            None => losses.iter().sum::<f64>().to_bits(),
        };
        let work = Step::new(&layout, net, results);
        let mut agreed = Agreed::new(call, self.rank(), next, work);
        self.relay(&sizes, &mut agreed);
        agreed.work.finish(net);
        E::from_f64(f64::from_bits(agreed.total))
    }

    /// `f` of every batch, each on one rank, on all threads; all ranks get all results, in the order of the batches. The last,
    /// partial batch counts once. PyTorch's `all_gather_object`. `f` does not change a network, as `train` changes the buffers
    /// of a batch norm and `sample` the generator of a dropout: a rank would not know of the batches of the others. It may use a
    /// copy of the network.
    ///
    /// ```no_run
    /// # use typegrad::data::Dataset;
    /// # use typegrad::prelude::*;
    /// # use typegrad::train::Distributed;
    /// # fn test(parallel: Distributed, net: Linear<2, 2>) {
    /// use typegrad::metrics::ConfusionMatrix;
    /// let test = vec![([1.0_f32, 2.0], 1_i64); 70].batches::<32>();
    /// let results = parallel.map(test.in_order(), |batch| {
    ///     let (x, y) = batch.data;
    ///     (net.infer(x).argmax_axis::<-1>().real_elements().to_vec(), y.real_elements().to_vec())
    /// });
    /// let mut confusion = ConfusionMatrix::<2>::new(); // the same on all ranks
    /// results.iter().for_each(|(predicted, labels)| confusion.update_slices(predicted, labels));
    /// assert_eq!(confusion.count(), 70);
    /// # }
    /// ```
    ///
    /// # Panics
    /// If `f` panics, or if a result is not deserialized from what was serialized.
    pub fn map<D: Dataset + Send + Sync, R, const B: usize>(
        &self,
        mut batches: Epoch<D, B>,
        f: impl Fn(Batch<Padded<D, B>, B>) -> R + Sync,
    ) -> Vec<R>
    where
        R: Serialize + DeserializeOwned + Send,
    {
        let call = Call {
            shards: batches.len() as u64,
            rows: batches.examples_left() as u64,
            position: batches.position(),
            ..self.call(Kind::Map)
        };
        let own = shards::own(batches.len(), self.rank(), self.num_ranks());
        batches.pass_over(own.start);
        let results = self.threads.map(batches.take(own.len()), f);
        self.gather_in(call, &results).into_iter().flatten().collect()
    }

    /// Writes a checkpoint on rank 0, atomically, as [`Checkpoint::save`] does. All ranks call it; those other than 0 write nothing.
    ///
    /// # Errors
    /// If rank 0 cannot write it, or if a rank has a model, generators, an optimizer, a scheduler or a position of other values:
    /// all ranks have the error, and the old checkpoint is still there.
    pub fn save(&self, path: impl AsRef<Path>, checkpoint: &Checkpoint) -> Result<(), DistributedError> {
        let Checkpoint { model, generators, optimizer, scheduler, rng, epoch, position, .. } = checkpoint;
        let [model, generators, optimizer, scheduler] =
            [model, generators, optimizer, scheduler].map(fingerprint::checksum);
        let rng = rng.as_ref().map(Rng::to_bytes);
        let place = (*epoch, position.map(Position::to_bytes));
        let others = self.gather(Kind::Save, &((model, generators), (optimizer, scheduler), rng, place));
        for (rank, other) in others.iter().enumerate() {
            let first = &others[0];
            let part = match () {
                () if other.0.0 != first.0.0 => "parameters or buffers",
                () if other.0.1 != first.0.1 => "generators of the model",
                () if other.1 != first.1 => "optimizer or scheduler states",
                () if other.2 != first.2 => "generators of the program",
                () if other.3 != first.3 => "epoch and position",
                () => continue,
            };
            return Err(DistributedError::Diverged { rank, part });
        }
        let mut problem = None;
        if self.rank() == 0 {
            problem = checkpoint.save(path).err().map(|error| error.to_string());
        }
        self.agree(Kind::Save, problem)
    }

    /// Reads a checkpoint on rank 0 and gives it to all ranks, whose machines need not share a file system; `None` if rank 0 has no
    /// such file. All ranks call it, and load its parts.
    ///
    /// # Errors
    /// If rank 0 cannot read it: all ranks have the error.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Option<Checkpoint>, DistributedError> {
        let (mut bytes, mut problem) = (vec![], None);
        let path = path.as_ref();
        if self.rank() == 0 {
            match path.try_exists() {
                Ok(false) => {}
                Ok(true) => match Checkpoint::load(path) {
                    Ok(checkpoint) => checkpoint.write(&mut bytes).expect("a vector takes all bytes"),
                    Err(error) => problem = Some(error.to_string()),
                },
                Err(error) => problem = Some(format!("{}: {error}", path.display())),
            }
        }
        self.agree(Kind::Load, problem)?;
        let bytes = self.gather_bytes(Kind::Load, &bytes);
        if bytes.is_empty() {
            return Ok(None);
        }
        let error = |error: crate::io::Error| DistributedError::Checkpoint(error.to_string());
        Checkpoint::from_bytes(&bytes).map(Some).map_err(error)
    }

    /// The end of the job, for which all ranks wait. PyTorch's `destroy_process_group`.
    pub fn finish(mut self) {
        let mut agreed = Agreed::new(self.call(Kind::Finish), self.rank(), |_| 0, ());
        self.relay(&[FIRST], &mut agreed);
        self.finished = true;
        self.transport.finish();
    }

    /// The number of bytes that this rank sent since the start.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.sent.get()
    }

    /// The number of bytes that this rank sends for a step of this network: those of all gradients to the next rank, if
    /// there is one, and to the previous one; buffers to the next; one bit for each parameter, and 70 bytes to the next rank and 8 to
    /// the previous one.
    #[must_use]
    pub fn bytes_per_step(&self, net: &impl Module) -> u64 {
        let sizes = Layout::of(net, self.num_ranks()).sizes;
        let (up, down) = sizes.iter().fold(FIRST, |sum, size| (sum.0 + size.0, sum.1 + size.1));
        let (first, last) = (self.rank() == 0, self.rank() + 1 == self.num_ranks());
        let sent = if last { 0 } else { up } + if first { 0 } else { down };
        sent as u64
    }
}

impl Drop for Distributed {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if std::thread::panicking() {
            if let Some(panic) = self.transport.last_panic() {
                self.abort(&panic);
            }
        } else {
            // An error that `main` returns is still printed. Then the process ends without finalizing MPI, which ends the job.
            // One write, so that messages of several ranks do not mix.
            let (rank, ranks) = (self.rank(), self.num_ranks());
            let text =
                format!("rank {rank} of {ranks} ends the job: it returns without `Distributed::finish`\n");
            eprint!("{text}");
        }
    }
}

impl fmt::Debug for Distributed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Distributed(rank {} of {}, {:?})", self.rank(), self.num_ranks(), self.threads)
    }
}
