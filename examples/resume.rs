//! Lesson 7 of 17: a training run that is killed and resumed, bit-identical to one that was not.
//!
//! Topics: atomic checkpoints and their contents: parameters and buffers,
//! the optimizer, the scheduler, the random number generators of dropout and of the program, and the position in the data.
//!
//! `cargo run --release --example resume` trains without interruption, then again in two processes, of which the
//! first one kills itself halfway, and compares the files.
//!
//! `cargo run --release --example resume -- --file run.bin [--epochs N] [--stop-at STEP]` trains and saves into a file; it
//! resumes from there if the file exists.
//!
//! Expected: a second; the last line is `bit-identical`.

#[path = "digits/data.rs"]
mod data;

use lexopt::{Arg, ValueExt};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use typegrad::data::{Batch, DataLoader, Dataset, Position};
use typegrad::io::Checkpoint;
use typegrad::nn::Strict;
use typegrad::prelude::*;

const BATCH: usize = 32;
/// Steps between checkpoints: steps after the last one are repeated.
const SAVE_EVERY: u64 = 20;

type Net = (Linear<64, 64>, Relu, Dropout, Linear<64, 10>);

struct Training {
    net: Net,
    adam: Adam,
    schedule: LrScheduler<ExponentialLr>,
    /// Draws the order of the digits.
    rng: Rng,
    epoch: u64,
    step: u64,
    /// The position in the epoch, if one is in progress.
    position: Option<Position>,
}

impl Training {
    fn new() -> Self {
        let mut rng = Rng::seed(0);
        let mut adam = Adam::new(3e-3);
        let schedule = ExponentialLr::new(0.8).start(&mut adam);
        Training { net: Net::new(&mut rng), adam, schedule, rng, epoch: 0, step: 0, position: None }
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            model: self.net.state_dict(),
            optimizer: self.adam.state_dict(),
            scheduler: self.schedule.state_dict(),
            generators: self.net.generator_state(),
            rng: Some(self.rng.clone()),
            epoch: self.epoch,
            position: self.position,
            extra: self.step.to_le_bytes().to_vec(),
        }
    }

    /// Restores a training run from a file.
    fn resume(path: &Path) -> Result<Self, Box<dyn Error>> {
        let saved = Checkpoint::load(path)?;
        let mut new = Training::new();
        new.net.load_state_dict(&saved.model, Strict::Yes)?;
        new.net.load_generator_state(&saved.generators)?;
        new.adam.load_state_dict(&saved.optimizer, &new.net)?;
        new.schedule.load_state_dict(&saved.scheduler)?;
        let step = u64::from_le_bytes(saved.extra.as_slice().try_into()?);
        let rng = saved.rng.ok_or("there is no generator in the file")?;
        Ok(Training { rng, epoch: saved.epoch, step, position: saved.position, ..new })
    }

    /// Trains up to an epoch, and saves on the way.
    fn run<D>(
        &mut self,
        digits: &DataLoader<D, BATCH>,
        options: &Options,
        path: &Path,
    ) -> Result<(), Box<dyn Error>>
    where
        D: Dataset<Example = (Tensor<Rank1<64>>, Tensor<Rank0, i64>)>,
    {
        while self.epoch < options.epochs {
            let batches = match self.position {
                Some(position) => digits.resume(position),
                None => digits.epoch(&mut self.rng),
            };
            let mut loss = f32::NAN;
            for Batch { data: (images, labels), position, .. } in batches {
                self.net.zero_grad();
                loss = self.net.train(images).cross_entropy(&labels).backward();
                self.adam.step(&mut self.net);
                self.step += 1;
                self.position = Some(position);
                if self.step.is_multiple_of(SAVE_EVERY) {
                    self.checkpoint().save(path)?;
                }
                if Some(self.step) == options.stop_at {
                    println!("killed after step {}", self.step);
                    // As in a power failure: nothing more is saved.
                    std::process::exit(1);
                }
            }
            self.epoch += 1;
            self.position = None;
            self.schedule.step(&mut self.adam);
            println!("epoch {}  step {:>3}  loss of the last batch {loss:.6}", self.epoch, self.step);
        }
        self.checkpoint().save(path)?;
        Ok(())
    }
}

/// Trains in a process of its own, from where the file is.
fn spawn(path: &Path, options: &Options, stop_at: Option<u64>) -> Result<bool, Box<dyn Error>> {
    let mut program = Command::new(std::env::current_exe()?);
    program.arg("--file").arg(path).args(["--epochs", &options.epochs.to_string()]);
    if let Some(step) = stop_at {
        program.args(["--stop-at", &step.to_string()]);
    }
    Ok(program.status()?.success())
}

fn show<D>(digits: &DataLoader<D, BATCH>, options: &Options) -> Result<(), Box<dyn Error>>
where
    D: Dataset<Example = (Tensor<Rank1<64>>, Tensor<Rank0, i64>)>,
{
    let folder = std::env::temp_dir().join(format!("typegrad-resume-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (whole, parts) = (folder.join("whole.bin"), folder.join("parts.bin"));
    println!("without interruption:");
    Training::new().run(digits, options, &whole)?;
    println!("in two processes:");
    let steps = options.epochs * digits.num_batches() as u64;
    assert!(!spawn(&parts, options, Some(steps / 2))?, "it was killed");
    assert!(spawn(&parts, options, None)?);
    let same = std::fs::read(whole)? == std::fs::read(parts)?;
    std::fs::remove_dir_all(folder)?;
    println!("{}", if same { "bit-identical" } else { "different" });
    if same { Ok(()) } else { Err("the training that was killed came to another result".into()) }
}

struct Options {
    epochs: u64,
    stop_at: Option<u64>,
    file: Option<PathBuf>,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options { epochs: 5, stop_at: None, file: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("epochs") => options.epochs = parser.value()?.parse()?,
            Arg::Long("stop-at") => options.stop_at = Some(parser.value()?.parse()?),
            Arg::Long("file") => options.file = Some(parser.value()?.into()),
            other => return Err(other.unexpected()),
        }
    }
    if options.stop_at.is_some() && options.file.is_none() {
        return Err("--stop-at needs a --file, from which to go on".into());
    }
    Ok(options)
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let digits = data::load()?.batches::<BATCH>();
    let Some(path) = &options.file else { return show(&digits, &options) };
    let mut training = if path.exists() { Training::resume(path)? } else { Training::new() };
    if training.step > 0 {
        println!("resumes after step {}", training.step);
    }
    training.run(&digits, &options, path)
}
