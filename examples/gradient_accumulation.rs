//! Lesson 15 of 17: gradients of several small batches add up to one large step, where a large batch does not fit into memory.
//!
//! Topics: gradients accumulate until a `step`; the mean loss of the full batch is the weighted sum of
//! the mini-batch means; the gradient norm is clipped once, before the step.
//!
//! `cargo run --release --example gradient_accumulation`
//!
//! Expected: less than 0.1 s; the last line is `the steps are equal`, because a step of four batches of 8 is one of 32.

use std::process::ExitCode;
use typegrad::data::{Batch, Dataset, TensorDataset};
use typegrad::prelude::*;

type Net = (Linear<4, 16>, Tanh, Linear<16, 1>);

/// Rows of a batch that fits into memory, and batches of a step.
const ROWS: usize = 8;
const BATCHES: usize = 4;
const STEP: usize = ROWS * BATCHES;
/// Not a multiple of either: the last batch has padding, which counts nowhere.
const EXAMPLES: usize = 100;

type Examples = TensorDataset<Rank1<4>, f32, Rank1<1>, f32>;

fn examples(rng: &mut Rng) -> Examples {
    let x = Tensor::<Rank2<EXAMPLES, 4>>::randn(rng);
    let y = x.clone().sum_keepdim::<-1>().sin();
    TensorDataset::new(x, y)
}

/// One epoch in steps of four batches.
fn accumulate(net: &mut Net, data: &Examples) {
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    for batches in data.clone().batches::<ROWS>().shards::<BATCHES>().in_order() {
        let rows: usize = batches.iter().map(|batch| batch.rows.len()).sum();
        net.zero_grad();
        for Batch { data: (x, y), rows: own, .. } in batches {
            let share = own.len() as f32 / rows as f32;
            (net.train(x).mse_loss(&y) * share).backward();
        }
        net.clip_grad_norm(1.0);
        sgd.step(net);
    }
}

/// The same in steps of one large batch.
fn at_once(net: &mut Net, data: &Examples) {
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    for Batch { data: (x, y), .. } in data.clone().batches::<STEP>().in_order() {
        net.zero_grad();
        net.train(x).mse_loss(&y).backward();
        net.clip_grad_norm(1.0);
        sgd.step(net);
    }
}

fn main() -> ExitCode {
    let rng = &mut Rng::seed(0);
    let data = examples(rng);
    let mut net = Net::new(rng);
    let mut other = net.clone();
    accumulate(&mut net, &data);
    at_once(&mut other, &data);
    let far =
        |a: &Tensor<Rank2<16, 4>>, b: &Tensor<Rank2<16, 4>>| (a.clone() - b.clone()).abs().amax().item();
    let difference = far(net.0.weight.value(), other.0.weight.value());
    println!("largest difference of a weight {difference:e}");
    if difference > 1e-6 {
        eprintln!("the steps differ");
        return ExitCode::FAILURE;
    }
    println!("the steps are equal");
    ExitCode::SUCCESS
}
