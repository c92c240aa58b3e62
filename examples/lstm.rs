//! Lesson 8 of 17: reads handwritten digits row by row, with an LSTM that sees eight rows of eight pixels in sequence
//! and then classifies the digit.
//!
//! Topics: a layer over a sequence, `[batch, time, features]`; the last step of its output; the state that is
//! carried from row to row while a digit is still being drawn; training in batches, and clipping gradients.
//!
//! `cargo run --release --example lstm -- [--epochs N] [--seed N]`
//!
//! Expected: less than a second; the last line is `test accuracy 0.892 (the most frequent digit: 0.103)` or near it; the second number
//! is the accuracy of always guessing the most frequent digit.

#[path = "digits/data.rs"]
mod data;

use data::Digits;
use lexopt::{Arg, ValueExt};
use typegrad::data::{Batch, Dataset};
use typegrad::prelude::*;

const BATCH: usize = 32;
const HIDDEN: usize = 64;
/// The digits that are learned from; the others, drawn by other writers, are for testing.
const TRAINING: usize = 1437;

#[derive(Module)]
#[module(input = Rank2<BATCH, 64>)]
struct Reader {
    lstm: Lstm<8, HIDDEN>,
    head: Linear<HIDDEN, 10>,
}

/// In: `[B, 64]`, the pixels of digits. Out: `[B, 10]`, the scores of the labels.
impl<const B: usize> Forward<Rank2<B, 64>> for Reader {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        // A row of pixels in each step.
        let states = self.lstm.call(x.reshape::<Rank3<B, 8, 8>>());
        let end = states.select_at::<1, -1>();
        self.head.call(end)
    }
}

impl Reader {
    /// The prediction after each row of a digit: the state is carried from call to call.
    fn guesses(&self, pixels: &Tensor<Rank1<64>>) -> Vec<i64> {
        let mut state = Tensor::<Rank3<2, 1, HIDDEN>>::zeros();
        let guess = |row: [f32; 8]| {
            let (y, after) = self.lstm.infer_from(Tensor::from([row]), state.clone());
            state = after;
            self.head.infer(y).argmax_axis::<-1>().to_vec()[0]
        };
        pixels.clone().reshape::<Rank2<8, 8>>().to_array::<[[f32; 8]; 8]>().map(guess).to_vec()
    }

    /// The share of the digits that are read correctly.
    fn accuracy(&self, digits: &Digits) -> f64 {
        let mut right = 0;
        for Batch { data: (images, labels), .. } in digits.clone().batches::<BATCH>().in_order() {
            right += self.infer(images).argmax_axis::<-1>().eq(&labels).count_nonzero().item();
        }
        right as f64 / digits.len() as f64
    }
}

/// The share of the most frequent digit.
fn naive(digits: &Digits) -> f64 {
    let labels = digits.targets().as_slice();
    let count = |label| labels.iter().filter(|&&other| other == label).count();
    (0..10).map(count).max().unwrap_or(0) as f64 / labels.len() as f64
}

fn options() -> Result<(usize, u64), lexopt::Error> {
    let (mut epochs, mut seed) = (20, 0);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("epochs") => epochs = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((epochs, seed))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (epochs, seed) = options()?;
    let (train, test) = data::load()?.split_at(TRAINING);
    let train = train.batches::<BATCH>();

    let rng = &mut Rng::seed(seed);
    let mut net = Reader::new(rng);
    let mut adam = Adam::new(3e-3);
    println!("{:?}, {} parameters", net.lstm, net.num_parameters());
    for epoch in 1..=epochs {
        let mut loss = 0.0;
        for Batch { data: (images, labels), rows, .. } in train.epoch(rng) {
            net.zero_grad();
            loss += net.train(images).cross_entropy(&labels).backward() * rows.len() as f32;
            net.clip_grad_norm(1.0);
            adam.step(&mut net);
        }
        let loss = loss / TRAINING as f32;
        println!("epoch {epoch:2}  loss {loss:.4}  test accuracy {:.3}", net.accuracy(&test));
    }

    let (digit, label) = test.get(0);
    println!("a {} after each of its rows: {:?}", label.item(), net.guesses(&digit));
    println!("test accuracy {:.3} (the most frequent digit: {:.3})", net.accuracy(&test), naive(&test));
    Ok(())
}
