//! Lesson 4 of 17: trains a network on real handwritten digits, and tests it on digits from other writers.
//!
//! Topics: shuffled mini-batches that cover the whole data set, including the last partial batch; a network for batches of
//! any size; the training loop, and the accuracy.
//!
//! `cargo run --release --example digits -- [--epochs N] [--seed N] [--lr X]`
//!
//! Expected: less than a second; the last line is `test accuracy 0.908` or near it, as with PyTorch's network of this
//! form.

mod data;
mod options;
mod progress;

use options::{Options, Program};
use progress::Progress;
use std::process::ExitCode;
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

/// The first lines of the file are for training and the last for testing.
const TRAIN: usize = 1437;
const TEST: usize = data::LINES - TRAIN;
/// 1437 = 44 * 32 + 29: three rows of the last batch of an epoch are padding, which the loss does not count.
const BATCH: usize = 32;

#[derive(Module)]
#[module(input = Rank2<BATCH, 64>)]
struct Mlp {
    fc1: Linear<64, 64>,
    fc2: Linear<64, 64>,
    fc3: Linear<64, 10>,
}

/// For a batch of any size `B`: one network, for the training and the test.
impl<const B: usize> Forward<Rank2<B, 64>> for Mlp {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        let x = self.fc2.call(x).relu();
        self.fc3.call(x)
    }
}

fn run(options: &Options) -> Result<(), data::Error> {
    let (train, test) = data::load()?.split_at(TRAIN);
    let train = train.batches::<BATCH>();

    let mut rng = Rng::seed(options.seed);
    let mut net = Mlp::new(&mut rng);
    let mut adam = Adam::new(options.lr);

    let mut progress = Progress::new(options.epochs);
    for epoch in 1..=options.epochs {
        let mut loss = 0.0;
        for Batch { data: (images, labels), rows, .. } in train.epoch(&mut rng) {
            net.zero_grad();
            loss += net.train(images).cross_entropy(&labels).backward() * rows.len() as f32;
            adam.step(&mut net);
        }
        progress.epoch(epoch, loss / TRAIN as f32);
    }
    progress.end();

    let mut right = 0;
    for Batch { data: (images, labels), .. } in test.batches::<BATCH>().in_order() {
        right += net.infer(images).argmax_axis::<-1>().eq(&labels).count_nonzero().item();
    }
    println!("test accuracy {:.3}", right as f64 / TEST as f64);
    Ok(())
}

fn main() -> ExitCode {
    Program { name: "digits", does: "Trains a network on handwritten digits.", epochs: 30 }.main(run)
}
