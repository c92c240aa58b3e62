//! The peak of the memory of a training step and of an inference, for the networks of `workloads`.
//!
//! `cargo bench --bench memory` prints every row; `cargo bench --bench memory -- cnn` only those whose name contains one of
//! the words. `benches/memory.py` prints the same rows for PyTorch, and `benches/ratios.py` compares two such files.
//!
//! Columns, in MB of 1,000,000 bytes: the most that the program holds at once (parameters, inputs, gradients, activations
//! and scratch); what it holds before the first step (parameters and inputs). The last column is how often a steady step
//! allocates. Each row is measured in a process of its own.

#[path = "common/counting.rs"]
mod counting;
#[path = "common/networks.rs"]
mod networks;
#[path = "common/options.rs"]
mod options;
#[path = "common/rows.rs"]
mod rows;

use networks::{CONTEXT, Cnn, Gpt, MnistMlp, TinyMlp, VOCABULARY};
use std::hint::black_box;
use typegrad::prelude::*;

const ROWS: [(&str, fn()); 8] = [
    ("tiny_mlp_train_b32", tiny_mlp_train),
    ("tiny_mlp_infer_b1", infer::<TinyMlp, Rank2<1, 4>>),
    ("mnist_mlp_train_b128", mnist_mlp_train),
    ("mnist_mlp_infer_b128", infer::<MnistMlp, Rank2<128, 784>>),
    ("cnn_train_b64", cnn_train),
    ("cnn_infer_b64", infer::<Cnn, Rank4<64, 1, 28, 28>>),
    ("gpt_train", gpt_train),
    ("gpt_infer_b16", gpt_infer),
];

/// Runs steps, and prints the peak, what was held before them, and the allocations of the last one.
fn measure(before: usize, mut step: impl FnMut()) {
    let held = counting::held() - before;
    let (peak, _) = counting::counted(|| (0..3).for_each(|_| step()));
    let (_, allocations) = counting::counted(step);
    println!("{} {held} {allocations}", peak - before);
}

/// Training steps of `$net`, whose loss is `$loss` of its output.
macro_rules! train {
    ($net:ty, $x:expr, $y:expr, |$output:ident, $target:ident| $loss:expr) => {{
        let before = counting::held();
        let rng = &mut Rng::seed(0);
        let (mut net, mut sgd) = (<$net>::new(rng), Sgd::new(1e-3));
        let (x, $target) = ($x(rng), $y(rng));
        measure(before, || {
            net.zero_grad();
            let $output = net.train(x.clone());
            black_box($loss.backward());
            sgd.step(&mut net);
        });
    }};
}

fn infer<N: Init + Forward<S>, S: Shape>() {
    let before = counting::held();
    let rng = &mut Rng::seed(0);
    let (net, x) = (N::new(rng), Tensor::<S>::randn(rng));
    measure(before, || drop(black_box(net.infer(x.clone()))));
}

fn tiny_mlp_train() {
    train!(TinyMlp, Tensor::<Rank2<32, 4>>::randn, Tensor::<Rank2<32, 1>>::randn, |output, y| output
        .mse_loss(&y));
}

fn labels<const B: usize>(rng: &mut Rng) -> Tensor<Rank1<B>, i64> {
    Tensor::randint(0, 10, rng)
}

fn mnist_mlp_train() {
    train!(MnistMlp, Tensor::<Rank2<128, 784>>::randn, labels::<128>, |output, y| output.cross_entropy(&y));
}

fn cnn_train() {
    train!(Cnn, Tensor::<Rank4<64, 1, 28, 28>>::randn, labels::<64>, |output, y| output.cross_entropy(&y));
}

fn tokens(rng: &mut Rng) -> Tensor<Rank2<16, CONTEXT>, i64> {
    Tensor::randint(0, VOCABULARY as i64, rng)
}

fn gpt_train() {
    train!(Gpt<4>, tokens, tokens, |output, y| output.cross_entropy_axis::<-1, _>(&y));
}

fn gpt_infer() {
    let before = counting::held();
    let rng = &mut Rng::seed(0);
    let (net, x) = (Gpt::<4>::new(rng), tokens(rng));
    measure(before, || drop(black_box(net.infer(x.clone()))));
}

fn main() {
    options::set_threads();
    if let Some(mine) = rows::mine() {
        let row = ROWS.iter().find(|(name, _)| *name == mine);
        return row.expect("a row of this name").1();
    }
    let words = options::words();
    println!("{:<48} {:>10} {:>10} {:>12}", "row", "peak_mb", "held_mb", "allocations");
    for (name, _) in ROWS.iter().filter(|(name, _)| options::wants(&words, name)) {
        let [peak, held, allocations] = rows::measured(name)[..] else {
            panic!("{name} does not print three numbers");
        };
        println!("{name:<48} {:>10.4} {:>10.4} {allocations:>12}", peak * 1e-6, held * 1e-6);
    }
}
