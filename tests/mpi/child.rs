//! The program of each rank: a small training, and the ways in which it can fail.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;
use typegrad::data::{Batch, DataLoader, Dataset, PaddedBatch, TensorDataset};
use typegrad::io::Checkpoint;
use typegrad::nn::Strict;
use typegrad::prelude::*;
use typegrad::train::{DataParallel, Distributed};

/// Buffers, dropout, and 20 kB of parameters, which are several chunks.
pub type Net = (Linear<8, 64>, BatchNorm1d<64>, Relu, Dropout, Linear<64, 64>, Relu, Linear<64, 3>);
type Examples = TensorDataset<Rank1<8>, f32, Rank0, i64>;
type Data = (PaddedBatch<Tensor<Rank2<4, 8>>>, PaddedBatch<Tensor<Rank1<4>, i64>>);

/// 75 examples are steps of 6, 6, 6 and 1 shards of 4 rows, the last of 3 rows.
const EXAMPLES: usize = 75;
pub const STEPS: u64 = 4;
pub const EPOCHS: u64 = 6;

fn loader() -> DataLoader<Examples, 4> {
    let rng = &mut Rng::seed(4);
    let x = Tensor::<Rank2<EXAMPLES, 8>>::randn(rng);
    TensorDataset::new(x, Tensor::<Rank1<EXAMPLES>, i64>::randint(0, 3, rng)).batches()
}

fn step(net: &Net, batch: Batch<Data, 4>) -> f32 {
    let (x, y) = batch.data;
    net.train(x).cross_entropy(&y).backward()
}

/// The bits of parameters, buffers, generators and optimizer in one number.
fn checksum(net: &Net, adam: &Adam) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bits: u64| sum = (sum ^ bits).wrapping_mul(0x0100_0000_01b3);
    for dict in [net.state_dict(), net.generator_state(), adam.state_dict()] {
        for (_, tensor) in dict.iter() {
            tensor.data().as_slice::<f32>().into_iter().flatten().for_each(|x| add(x.to_bits().into()));
            tensor.data().as_slice::<i64>().into_iter().flatten().for_each(|x| add(*x as u64));
        }
    }
    sum
}

/// The losses of all steps as bits, and the checksum, on one process without MPI.
pub fn on_one_process() -> (Vec<u32>, u64) {
    let mut rng = Rng::seed(7);
    let (mut net, mut adam) = (Net::new(&mut rng), Adam::new(0.01));
    let (loader, mut losses) = (loader().shards::<6>(), vec![]);
    for _ in 0..EPOCHS {
        for shards in loader.epoch(&mut rng) {
            net.zero_grad();
            losses.push(DataParallel::new(1).backward(&mut net, shards, step).to_bits());
            adam.step(&mut net);
        }
    }
    (losses, checksum(&net, &adam))
}

/// The options of a rank, as words of the command line: `threads=2 file=x`.
#[derive(Default)]
pub struct Options {
    threads: usize,
    /// As many shards from two loaders: 6 at once, or 2 three times.
    accumulate: bool,
    file: Option<PathBuf>,
    /// The fault, its rank and its step.
    fault: String,
    rank: usize,
    at: u64,
}

impl Options {
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut options = Options { threads: 1, ..Options::default() };
        for word in words {
            let (name, value) = word.split_once('=').ok_or("name=value")?;
            match name {
                "threads" => options.threads = value.parse()?,
                "accumulate" => options.accumulate = value.parse()?,
                "file" => options.file = Some(value.into()),
                "fault" => options.fault = value.to_owned(),
                "rank" => options.rank = value.parse()?,
                "at" => options.at = value.parse()?,
                _ => return Err(format!("no option {name}").into()),
            }
        }
        Ok(options)
    }
}

fn say(line: &str) -> std::io::Result<()> {
    // One write, so that lines of several ranks do not mix.
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()
}

/// Waits to be killed.
fn hang(rank: usize) -> Result<(), Box<dyn Error>> {
    say(&format!("hang {rank}"))?;
    std::thread::sleep(Duration::from_secs(60));
    Err("this rank was not killed".into())
}

/// One rank. Its lines are read by the test.
pub fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    // MPI is not initialized, so the rank is what mpirun says: a rank with another seed must know it before the start.
    let early: usize = ["OMPI_COMM_WORLD_RANK", "PMI_RANK"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok()?.parse().ok())
        .unwrap_or(0);
    let has_fault =
        |fault: &str, step: u64| options.fault == fault && options.rank == early && options.at == step;
    say(&format!("pid {early} {}", std::process::id()))?;
    let mut rng = Rng::seed(if has_fault("seed", 0) { 8 } else { 7 });
    let (mut net, mut adam) = (Net::new(&mut rng), Adam::new(0.01));
    let parallel = Distributed::start(options.threads, &mut net, &mut adam, &mut rng)?;
    let (mut epoch, mut position, mut losses) = (0, None, Vec::<u32>::new());
    if let Some(path) = &options.file
        && let Some(saved) = parallel.load(path)?
    {
        net.load_state_dict(&saved.model, Strict::Yes)?;
        net.load_generator_state(&saved.generators)?;
        adam.load_state_dict(&saved.optimizer, &net)?;
        rng = saved.rng.ok_or("a generator")?;
        (epoch, position) = (saved.epoch, saved.position);
        losses = saved
            .extra
            .chunks_exact(4)
            .map(|b| Ok(u32::from_le_bytes(b.try_into()?)))
            .collect::<Result<_, Box<dyn Error>>>()?;
    }
    let (six, two) = (loader().shards::<6>(), loader().shards::<2>());
    let sent = parallel.bytes_sent();
    let mut steps = 0;
    while epoch < EPOCHS {
        let place = position.take();
        let shards = if options.accumulate {
            let shards = place.map_or_else(|| two.epoch(&mut rng), |place| two.resume(place));
            parallel.shards(shards).accumulate(3)
        } else {
            parallel.shards(place.map_or_else(|| six.epoch(&mut rng), |place| six.resume(place)))
        };
        for shards in shards.prefetch(1) {
            let number = losses.len() as u64;
            if has_fault("error", number) {
                return Err("this rank has no more memory".into());
            }
            if has_fault("leave", number) {
                drop(parallel);
                std::thread::sleep(Duration::from_secs(60));
                return Ok(());
            }
            if has_fault("exit", number) {
                std::process::exit(3);
            }
            if has_fault("skip", number) {
                continue;
            }
            if has_fault("hang before", number) {
                hang(early)?;
            }
            let place = shards.position();
            net.zero_grad();
            let loss = parallel.backward(&mut net, shards, |net, batch| {
                if has_fault("hang inside", number) {
                    hang(early).expect("a signal");
                }
                assert!(!has_fault("panic", number), "an index is wrong");
                step(net, batch)
            });
            adam.step(&mut net);
            losses.push(loss.to_bits());
            steps += 1;
            if has_fault("change", number) {
                net.0.weight.as_mut_slice()[3] += 1e-3;
            }
            if let Some(path) = &options.file
                && losses.len() % 2 == 0
            {
                let checkpoint = Checkpoint {
                    model: net.state_dict(),
                    generators: net.generator_state(),
                    optimizer: adam.state_dict(),
                    rng: Some(rng.clone()),
                    epoch,
                    position: Some(place),
                    extra: losses.iter().flat_map(|bits| bits.to_le_bytes()).collect(),
                    ..Checkpoint::default()
                };
                parallel.save(path, &checkpoint)?;
            }
            say(&format!("step {} {}", parallel.rank(), losses.len()))?;
            if has_fault("hang after", number) {
                hang(early)?;
            }
        }
        epoch += 1;
    }
    if options.file.is_none() {
        let (sent, expected) = (parallel.bytes_sent() - sent, steps * parallel.bytes_per_step(&net));
        say(&format!("bytes {} {sent} {expected}", parallel.rank()))?;
    }
    let rows = parallel.map(loader().in_order(), |batch| batch.rows.len());
    let text: Vec<_> = losses.iter().map(u32::to_string).collect();
    let (rank, rows) = (parallel.rank(), rows.iter().sum::<usize>());
    say(&format!("end {rank} {} {rows} {}", checksum(&net, &adam), text.join(",")))?;
    parallel.finish();
    Ok(())
}
