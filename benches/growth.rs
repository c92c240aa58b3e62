//! Time and memory against the batch, from 1 to 4,096, and against the depth, from 1 to 256.
//!
//! `cargo bench --bench growth` prints every row; `cargo bench --bench growth -- depth` only those whose name contains one
//! of the words. Each row is measured in a process of its own. `TYPEGRAD_THREADS` is the number of threads, 1 by default.
//!
//! Columns: the time of an inference and of a training step for each row of the batch, or for each layer; this time divided
//! by that of the size 8 of the same network, so that 1.00 is growth in proportion; and the most memory that is held beyond
//! parameters and inputs, in KB of 1,000 bytes. Expected: a row alone costs no more than its share of eight, a
//! layer costs the same at any depth for as long as the parameters fit into a cache, and the memory of an inference does not
//! depend on the depth.

#[path = "common/clock.rs"]
mod clock;
#[path = "common/counting.rs"]
mod counting;
#[path = "common/options.rs"]
mod options;
#[path = "common/rows.rs"]
mod rows;

use std::hint::black_box;
use typegrad::prelude::*;

type Mlp = (Linear<128, 128>, Relu, Linear<128, 128>, Relu, Linear<128, 10>);
type Cnn = (
    Conv2d<3, 16, 3, 1, 1>,
    Relu,
    MaxPool2d<2>,
    Conv2d<16, 32, 3, 1, 1>,
    Relu,
    MaxPool2d<2>,
    Flatten,
    Linear<512, 10>,
);
type Block = TransformerEncoderLayer<64, 4, 128>;

/// Layers that keep the scale of their input.
type Residuals<const N: usize> = [Residual<(LayerNorm<64>, Linear<64, 64>, Relu)>; N];
/// Layers that do not: after about a hundred, numbers are too small to be normal.
type Plain<const N: usize> = [(Linear<64, 64>, Relu); N];

/// The name of a network, the size that grows, and what measures it.
type Row = (&'static str, usize, fn());

/// A row for each of the sizes.
macro_rules! sizes {
    ($name:literal, $rows:ident, |$n:ident| $net:ty, $shape:ty: $($size:literal)+) => {
        $($rows.push(($name, $size, {
            const $n: usize = $size;
            measure::<$net, $shape>
        }));)+
    };
}

fn all() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    sizes!("batch_mlp", rows, |N| Mlp, Rank2<N, 128>: 1 2 3 4 8 16 64 256 1024 4096);
    sizes!("batch_cnn", rows, |N| Cnn, Rank4<N, 3, 16, 16>: 1 2 3 8 64 512 4096);
    sizes!("batch_lstm", rows, |N| Lstm<32, 64>, Rank3<N, 16, 32>: 1 2 3 8 64 512 4096);
    sizes!("batch_transformer", rows, |N| Block, Rank3<N, 32, 64>: 1 2 3 8 64 512);
    sizes!("depth_residual", rows, |N| Residuals<N>, Rank2<32, 64>: 1 2 4 8 16 64 256);
    sizes!("depth_plain", rows, |N| Plain<N>, Rank2<32, 64>: 1 2 4 8 16 64 256);
    sizes!("depth_transformer", rows, |N| [Block; N], Rank3<4, 32, 64>: 1 2 4 8 16 64 256);
    rows
}

/// Prints the seconds of an inference and of a training step, and the bytes that both hold at most.
fn measure<N: Init + Forward<S>, S: Shape>() {
    let rng = &mut Rng::seed(0);
    let (mut net, mut sgd, x) = (N::new(rng), Sgd::new(1e-6), Tensor::<S>::randn(rng));
    let before = counting::held();
    let (infer, _) = counting::counted(|| drop(black_box(net.infer(x.clone()))));
    let infer_time = clock::time(|| drop(black_box(net.infer(black_box(&x).clone()))));

    let mut step = || {
        net.zero_grad();
        black_box(net.train(black_box(&x).clone()).mean().backward());
        sgd.step(&mut net);
    };
    let (train, _) = counting::counted(|| (0..2).for_each(|_| step()));
    let train_time = clock::time(step);
    println!("{infer_time} {train_time} {} {}", infer - before, train - before);
}

fn main() {
    options::set_threads();
    let all = all();
    if let Some(mine) = rows::mine() {
        let row = all.iter().find(|(name, size, _)| format!("{name} {size}") == mine);
        return row.expect("a row of this name").2();
    }
    let words = options::words();
    println!(
        "{:<20} {:>6} {:>12} {:>8} {:>12} {:>8} {:>11} {:>11}",
        "row", "size", "infer_us/1", "of_8", "train_us/1", "of_8", "infer_kb", "train_kb"
    );
    for group in all.chunk_by(|a, b| a.0 == b.0).filter(|group| options::wants(&words, group[0].0)) {
        let measured: Vec<_> = group
            .iter()
            .map(|(name, size, _)| match rows::measured(&format!("{name} {size}"))[..] {
                [infer, train, infer_bytes, train_bytes] => {
                    let one = 1e6 / *size as f64;
                    (*size, [infer * one, train * one], [infer_bytes, train_bytes])
                }
                _ => panic!("{name} {size} does not print four numbers"),
            })
            .collect();
        let eight = measured.iter().find(|row| row.0 == 8).expect("each network has the size 8").1;
        for (size, [infer, train], bytes) in &measured {
            println!(
                "{:<20} {size:>6} {infer:>12.2} {:>8.2} {train:>12.2} {:>8.2} {:>11.1} {:>11.1}",
                group[0].0,
                infer / eight[0],
                train / eight[1],
                bytes[0] * 1e-3,
                bytes[1] * 1e-3
            );
        }
    }
}
