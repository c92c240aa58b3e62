//! Lesson 17 of 17: trains the network of lesson 5 on several processes, on one machine or many, bit-identical to one.
//!
//! Topics: `Distributed`, and the three lines in which a program for it differs from one for `DataParallel`; which process reads
//! and prints what; checkpoints of a job; gradient accumulation; an evaluation that is divided; the bytes that are sent.
//!
//! It needs an MPI library (`apt install libopenmpi-dev openmpi-bin libclang-dev`) and the feature `mpi`:
//!
//! `cargo build --release --features mpi --example digits_mpi`
//!
//! `mpirun -n 2 target/release/examples/digits_mpi [--epochs N] [--threads N] [--accumulate N] [--file PATH]`
//!
//! With `--file`, the job saves a checkpoint every 20 steps, and resumes from there if the file exists: kill it, and start it again
//! with another number of processes. With `--accumulate 4`, a step has four times as many examples, in memory for one.
//!
//! Expected: two seconds; the last line is `test accuracy 0.967` and a checksum of the parameters, the same for any number of
//! processes and threads. The checksum differs between instruction sets and between versions of this crate.
//! [docs/cluster.md](../docs/cluster.md) says how to start it on several machines.

#[path = "digits/data.rs"]
mod data;

use lexopt::{Arg, ValueExt};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;
use typegrad::data::{Batch, Dataset};
use typegrad::io::Checkpoint;
use typegrad::metrics::ConfusionMatrix;
use typegrad::nn::Strict;
use typegrad::prelude::*;
use typegrad::train::Distributed;

/// The first lines of the file are for training and the last for testing.
const TRAIN: usize = 1437;
/// A step has 4 shards of 16 examples. Up to 4 processes, or threads of all processes, have something to do.
const ROWS: usize = 16;
const SHARDS: usize = 4;
/// Steps between checkpoints.
const SAVE_EVERY: u64 = 20;

type Images<const B: usize> = Rank4<B, 1, 8, 8>;
type Block<const I: usize, const O: usize> = (Conv2d<I, O, 3, 1, 1>, BatchNorm2d<O>, Relu);

/// It is cloned for each shard, which copies nothing.
#[derive(Module, Clone)]
#[module(input = Images<ROWS>)]
struct Cnn {
    block1: Block<1, 16>,
    block2: Block<16, 32>,
    pool: MaxPool2d<2>,
    flatten: Flatten,
    #[module(init = Dropout::new(rng).p(0.25))]
    dropout: Dropout,
    fc: Linear<512, 10>,
}

impl<const B: usize> Forward<Images<B>> for Cnn {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Images<B>, M>) -> impl Traced<Self::Output, M> {
        let x = self.block1.call(x);
        let x = self.block2.call(x);
        let x = self.pool.call(x);
        let x = self.flatten.call(x);
        let x = self.dropout.call(x);
        self.fc.call(x)
    }
}

/// A number that is equal for bit-identical networks.
fn checksum(net: &Cnn) -> u32 {
    let dict = net.state_dict();
    let floats = dict.iter().filter_map(|(_, tensor)| tensor.data().as_slice::<f32>()).flatten();
    floats.fold(0x811c_9dc5, |sum, x| (sum ^ x.to_bits()).wrapping_mul(0x0100_0193))
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let image = |(pixels, label): (Tensor<Rank1<64>>, _)| (pixels.reshape::<Rank3<1, 8, 8>>(), label);
    let (train, test) = data::load()?.split_at(TRAIN);
    let train = train.map(image).batches::<ROWS>().shards::<SHARDS>();
    let test = test.map(image).batches::<ROWS>();

    let mut rng = Rng::seed(0);
    let mut net = Cnn::new(&mut rng);
    let mut adam = Adam::new(3e-3);

    // Line 1: this was `DataParallel::new(options.threads)`. Now all processes have the network of rank 0.
    let parallel = Distributed::start(options.threads, &mut net, &mut adam, &mut rng)?;
    let prints = parallel.rank() == 0;
    if prints {
        println!("processes: {}", parallel.num_ranks());
        if parallel.num_ranks() == 1 {
            println!("start more of them with `mpirun -n 2 {}`", std::env::args().next().unwrap_or_default());
        }
        println!("bytes that rank 0 sends for a step: {}", parallel.bytes_per_step(&net));
    }

    let (mut epoch, mut step, mut position) = (0, 0, None);
    if let Some(path) = &options.file
        && let Some(saved) = parallel.load(path)?
    {
        net.load_state_dict(&saved.model, Strict::Yes)?;
        net.load_generator_state(&saved.generators)?;
        adam.load_state_dict(&saved.optimizer, &net)?;
        rng = saved.rng.ok_or("there is no generator in the file")?;
        step = u64::from_le_bytes(saved.extra.as_slice().try_into()?);
        (epoch, position) = (saved.epoch, saved.position);
        if prints {
            println!("resumes after step {step}");
        }
    }

    let start = Instant::now();
    while epoch < options.epochs {
        let steps = match position.take() {
            Some(position) => train.resume(position),
            None => train.epoch(&mut rng),
        };
        let (mut loss, mut rows) = (0.0, 0);
        // Line 2: this was `steps`. A process reads the examples of its own shards only.
        for shards in parallel.shards(steps).accumulate(options.accumulate) {
            let (step_rows, place) = (shards.rows(), shards.position());
            net.zero_grad();
            let mean = parallel.backward(&mut net, shards, |net, Batch { data: (images, labels), .. }| {
                net.train(images).cross_entropy(&labels).backward()
            });
            adam.step(&mut net);
            (loss, rows, step) = (loss + mean * step_rows as f32, rows + step_rows, step + 1);
            if let Some(path) = &options.file
                && step % SAVE_EVERY == 0
            {
                let checkpoint = Checkpoint {
                    model: net.state_dict(),
                    optimizer: adam.state_dict(),
                    generators: net.generator_state(),
                    rng: Some(rng.clone()),
                    epoch,
                    position: Some(place),
                    extra: step.to_le_bytes().to_vec(),
                    ..Checkpoint::default()
                };
                parallel.save(path, &checkpoint)?;
            }
        }
        epoch += 1;
        if prints {
            println!("epoch {epoch:>2}  loss {:.6}", loss / rows as f32);
        }
    }
    if prints {
        eprintln!("trained in {:.2} s", start.elapsed().as_secs_f64());
    }

    // Each process tests a part of the batches; all get all results.
    let results = parallel.map(test.in_order(), |Batch { data: (images, labels), .. }| {
        let digits = net.infer(images).argmax_axis::<-1>();
        (digits.real_elements().to_vec(), labels.real_elements().to_vec())
    });
    let mut confusion = ConfusionMatrix::<10>::new();
    results.iter().for_each(|(digits, labels)| confusion.update_slices(digits, labels));
    if prints {
        println!("test accuracy {:.3}, parameters {:08x}", confusion.accuracy(), checksum(&net));
    }
    // Line 3 is new.
    parallel.finish();
    Ok(())
}

struct Options {
    epochs: u64,
    threads: usize,
    accumulate: usize,
    file: Option<PathBuf>,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options { epochs: 10, threads: 1, accumulate: 1, file: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("epochs") => options.epochs = parser.value()?.parse()?,
            Arg::Long("threads") => options.threads = parser.value()?.parse()?,
            Arg::Long("accumulate") => options.accumulate = parser.value()?.parse()?,
            Arg::Long("file") => options.file = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    if options.threads == 0 || options.accumulate == 0 {
        return Err("--threads and --accumulate are at least 1".into());
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&options()?)
}
