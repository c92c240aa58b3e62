//! Trains a network on real handwritten digits, and reads digits of other people.
//!
//! `cargo run --release --example digits`

mod data;
mod options;
mod progress;

use data::{Batch, Digit};
use options::{Options, Request, USAGE};
use progress::Progress;
use std::process::ExitCode;
use std::time::Instant;
use typegrad::prelude::*;

/// The first lines of the file are for training and the last for testing.
const TRAIN: usize = 1437;
const TEST: usize = data::LINES - TRAIN;
const BATCH: usize = 32;
/// The last batch of an epoch is smaller: 1437 = 44 * 32 + 29. No digit is left out.
const REST: usize = TRAIN % BATCH;

#[derive(Module)]
struct Mlp {
    fc1: Linear<64, 64>,
    fc2: Linear<64, 64>,
    fc3: Linear<64, 10>,
}

/// For a batch of any size `B`: one network, full batches, the last batch and the test.
impl<const B: usize> Forward<Rank2<B, 64>> for Mlp {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        let x = self.fc2.call(x).relu();
        self.fc3.call(x)
    }
}

/// Learns from one batch. Returns the sum of the losses of its digits.
fn learn<const B: usize>(net: &mut Mlp, adam: &mut Adam, Batch { images, labels }: Batch<B>) -> f32 {
    net.zero_grad();
    let loss = net.train(images).cross_entropy(&labels).backward();
    adam.step(net);
    loss * B as f32
}

fn run(options: &Options) -> Result<(), data::Error> {
    let mut digits = data::load()?;
    let (train, test) = digits.split_at_mut(TRAIN);

    let mut rng = Rng::seed(options.seed);
    let mut net = Mlp::new(&mut rng);
    let mut adam = Adam::new(options.lr);

    let progress = Progress::new(options.epochs);
    let start = Instant::now();
    for epoch in 1..=options.epochs {
        rng.shuffle(train);
        let (batches, rest) = train.as_chunks::<BATCH>();
        let mut loss = 0.0;
        for batch in batches {
            loss += learn(&mut net, &mut adam, Digit::batch(batch));
        }
        let rest: &[Digit; REST] = rest.try_into().expect("REST digits are left");
        loss += learn(&mut net, &mut adam, Digit::batch(rest));
        progress.epoch(epoch, loss / TRAIN as f32);
    }
    progress.end(start.elapsed());

    let test: &[Digit; TEST] = (&*test).try_into().expect("TEST digits are left");
    let Batch { images, labels } = Digit::batch(test);
    let accuracy = net.infer(images).argmax_axis::<-1>().accuracy(&labels);
    println!("test accuracy {accuracy:.3}");
    Ok(())
}

fn main() -> ExitCode {
    let options = match options::parse(std::env::args_os()) {
        Ok(Request::Train(options)) => options,
        Ok(Request::Help) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprint!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
