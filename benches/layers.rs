//! One forward and backward pass of each layer, against what the machine could do at best.
//!
//! `cargo bench --bench layers` prints a row for each layer; `cargo bench --bench layers -- Lstm` only those whose name
//! contains the word. `python3 benches/layers.py` prints the same rows for PyTorch on one thread; run both in turn, more
//! than once: the numbers of one run are those of the machine at that moment.
//!
//! Columns: the time of forward alone (nothing is recorded) and of forward and backward (gradients of all parameters and of
//! the input); how many operations (a product and a sum are two) and bytes (each tensor once) both passes need at least; the
//! floor, which is the larger of operations at the speed of a matrix product of this library and of bytes at the speed of
//! `memcpy`, both measured in the same run; and how many times the floor the passes take. Times are the minimum of many
//! repeats, or the mean CPU time if that is less: the two estimates least affected by other processes.

use std::hint::black_box;
use std::time::{Duration, Instant};
use typegrad::nn::Param;
use typegrad::prelude::*;

/// The time of a row, forward and backward.
const BUDGET: Duration = Duration::from_millis(250);

/// The time of one run, in seconds.
fn time(mut run: impl FnMut()) -> f64 {
    let (begin, cpu) = (Instant::now(), cpu_time());
    let mut least = f64::INFINITY;
    let mut rounds = 0.0;
    while rounds < 5.0 || begin.elapsed() < BUDGET {
        let start = Instant::now();
        run();
        least = least.min(start.elapsed().as_secs_f64());
        rounds += 1.0;
    }
    match (cpu, cpu_time()) {
        (Some(before), Some(after)) => least.min((after - before) / rounds),
        _ => least,
    }
}

/// How long this thread has run on a processor, where Linux says so.
fn cpu_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok().map(|nanoseconds: f64| nanoseconds * 1e-9)
}

/// The speed of the machine in a second: operations in a matrix product, and bytes that `memcpy` reads and writes.
struct Machine {
    operations: f64,
    bytes: f64,
    only: Option<String>,
}

impl Machine {
    fn measured() -> Self {
        const N: usize = 384;
        let rng = &mut Rng::seed(0);
        let (a, b) = (Tensor::<Rank2<N, N>>::randn(rng), Tensor::<Rank2<N, N>>::randn(rng));
        let product = time(|| drop(black_box(a.clone().matmul(&b))));
        // As large as the activations of a layer: they stay in the cache.
        let (from, mut to) = (vec![1.0_f32; 1 << 17], vec![0.0_f32; 1 << 17]);
        let copy = time(|| black_box(&mut to).copy_from_slice(black_box(&from)));
        Machine {
            operations: 2.0 * (N * N * N) as f64 / product,
            bytes: 2.0 * 4.0 * from.len() as f64 / copy,
            only: std::env::args().skip(1).find(|arg| !arg.starts_with('-')),
        }
    }

    /// Whether a row is asked for.
    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }

    /// Runs and prints a row. `numbers` is how many numbers both passes read or write.
    fn row(&self, name: &str, operations: usize, numbers: usize, forward: impl FnMut(), both: impl FnMut()) {
        if self.wants(name) {
            self.line(name, operations, numbers, Some(time(forward)), time(both));
        }
    }

    fn line(&self, name: &str, operations: usize, numbers: usize, forward: Option<f64>, both: f64) {
        let (operations, bytes) = (operations as f64, 4.0 * numbers as f64);
        let floor = (operations / self.operations).max(bytes / self.bytes);
        let forward = forward.map_or(String::new(), |forward| format!("{:.1}", forward * 1e6));
        println!(
            "{name:<44} {forward:>9} {:>9.1} {:>8.2} {:>8.2} {:>9.1} {:>6.1}",
            both * 1e6,
            operations * 1e-6,
            bytes * 1e-6,
            floor * 1e6,
            both / floor
        );
    }
}

/// A row of the layer `$layer` on an input of shape `$shape`.
macro_rules! layer {
    ($machine:expr, $name:literal, $layer:ty, $shape:ty, $operations:expr, $numbers:expr) => {
        if $machine.wants($name) {
            let layer = <$layer>::new(&mut Rng::seed(0));
            let x = Param::new(Tensor::<$shape>::randn(&mut Rng::seed(1)));
            let fixed = x.value().clone();
            let inference = <$layer>::new(&mut Rng::seed(0));
            $machine.row(
                $name,
                $operations,
                $numbers,
                || drop(black_box(inference.infer(fixed.clone()))),
                || {
                    layer.zero_grad();
                    x.zero_grad();
                    black_box(layer.train(x.track()).sum().backward());
                },
            );
        }
    };
}

fn main() {
    let machine = Machine::measured();
    println!(
        "matrix product {:.0} GFLOP/s, memcpy {:.0} GB/s",
        machine.operations * 1e-9,
        machine.bytes * 1e-9
    );
    println!(
        "{:<44} {:>9} {:>9} {:>8} {:>8} {:>9} {:>6}",
        "", "fwd us", "both us", "Mop", "MB", "floor us", "ratio"
    );
    let m = &machine;
    // A layer of elements: forward reads and writes them, backward reads the saved ones and the gradient, and writes.
    const NORM: usize = 32 * 64 * 256;
    const IMAGE: usize = 16 * 32 * 16 * 16;
    layer!(m, "Linear 256-256, 64 rows", Linear<256, 256>, Rank2<64, 256>,
        6 * 64 * 256 * 256, 5 * 64 * 256 + 3 * 256 * 256);
    layer!(m, "Linear 64-64, 64 rows", Linear<64, 64>, Rank2<64, 64>, 6 * 64 * 64 * 64, 5 * 64 * 64 + 3 * 64 * 64);
    layer!(m, "Conv2d 16-32, 3x3, 16x16x28x28", Conv2d<16, 32, 3, 1, 1>, Rank4<16, 16, 28, 28>,
        6 * 16 * 28 * 28 * 32 * 16 * 9, 16 * 28 * 28 * (3 * 16 + 2 * 32));
    layer!(m, "Conv2d 32-32 depthwise, 3x3, 16x32x16x16", Conv2d<32, 32, 3, 1, 1, 1, 32>, Rank4<16, 32, 16, 16>,
        6 * IMAGE * 9, 5 * IMAGE);
    layer!(m, "Conv2d 32-32, BatchNorm2d, Relu, 16x32x16x16", (Conv2d<32, 32, 3, 1, 1>, BatchNorm2d<32>, Relu),
        Rank4<16, 32, 16, 16>, (6 * 9 * 32 + 16) * IMAGE, 10 * IMAGE);
    layer!(m, "depthwise and pointwise 32-32, 16x32x16x16",
        (Conv2d<32, 32, 3, 1, 1, 1, 32>, BatchNorm2d<32>, Relu, Conv2d<32, 32, 1>, BatchNorm2d<32>, Relu),
        Rank4<16, 32, 16, 16>, (6 * 9 + 6 * 32 + 32) * IMAGE, 20 * IMAGE);
    layer!(m, "BatchNorm2d 32, 16x32x16x16", BatchNorm2d<32>, Rank4<16, 32, 16, 16>, 14 * IMAGE, 5 * IMAGE);
    layer!(m, "LayerNorm 256, 32x64x256", LayerNorm<256>, Rank3<32, 64, 256>, 18 * NORM, 5 * NORM);
    layer!(m, "RmsNorm 256, 32x64x256", RmsNorm<256>, Rank3<32, 64, 256>, 14 * NORM, 5 * NORM);
    layer!(m, "GroupNorm 8 of 32, 16x32x16x16", GroupNorm<8, 32>, Rank4<16, 32, 16, 16>, 18 * IMAGE, 5 * IMAGE);
    // Sums of the gates forward, back to the state and the input, and to the weights.
    layer!(m, "Lstm 64-128, 32 rows of 50", Lstm<64, 128>, Rank3<32, 50, 64>,
        6 * 50 * 32 * 4 * 128 * (64 + 128), 32 * 50 * (4 * 128 * 3 + 128 * 8 + 64 * 3));
    layer!(m, "Gru 64-128, 32 rows of 50", Gru<64, 128>, Rank3<32, 50, 64>,
        6 * 50 * 32 * 3 * 128 * (64 + 128), 32 * 50 * (3 * 128 * 3 + 128 * 6 + 64 * 3));
    layer!(m, "MultiheadAttention 128, 4 heads, 8 of 64", MultiheadAttention<128, 4>, Rank3<8, 64, 128>,
        6 * 8 * 64 * (4 * 128 * 128 + 2 * 64 * 128), 8 * 64 * (13 * 128 + 4 * 64 * 4) + 12 * 128 * 128);
    layer!(m, "TransformerEncoderLayer 128, 4, 512, 8 of 64", TransformerEncoderLayer<128, 4, 512>, Rank3<8, 64, 128>,
        6 * 8 * 64 * (4 * 128 * 128 + 2 * 64 * 128 + 2 * 128 * 512),
        8 * 64 * (29 * 128 + 4 * 64 * 4 + 4 * 512) + 36 * 128 * 128);
    layer!(m, "Dropout 0.5, 32x64x256", Dropout, Rank3<32, 64, 256>, 2 * NORM, 4 * NORM);
    layer!(m, "MaxPool2d 2, 16x32x28x28", MaxPool2d<2>, Rank4<16, 32, 28, 28>,
        16 * 32 * 28 * 28, 16 * 32 * 28 * 28 * 3);

    const VOCABULARY: usize = 1000;
    let rng = &mut Rng::seed(0);
    let words = Tensor::<Rank2<32, 64>, i64>::randint(0, VOCABULARY as i64, rng);
    let embedding = Embedding::<VOCABULARY, 128>::new(rng);
    let fixed = embedding.clone();
    m.row(
        "Embedding 1000x128, 32x64",
        32 * 64 * 128,
        32 * 64 * 128 * 5 + VOCABULARY * 128,
        || drop(black_box(fixed.infer(words.clone()))),
        || {
            embedding.zero_grad();
            black_box(embedding.train(words.clone()).sum().backward());
        },
    );

    let y = Tensor::<Rank1<256>, i64>::randint(0, VOCABULARY as i64, rng);
    let scores = Param::new(Tensor::<Rank2<256, VOCABULARY>>::randn(rng));
    let constant = scores.value().clone();
    m.row(
        "cross_entropy 256x1000",
        10 * 256 * VOCABULARY,
        3 * 256 * VOCABULARY,
        || drop(black_box(constant.clone().cross_entropy(&y))),
        || {
            scores.zero_grad();
            black_box(scores.track().cross_entropy(&y).backward());
        },
    );

    if m.wants("Adam, 512x512") {
        let mut net = Linear::<512, 512>::new(rng);
        net.train(Tensor::<Rank2<4, 512>>::randn(rng)).sum().backward();
        let mut adam = Adam::new(1e-3);
        let step = time(|| adam.step(&mut net));
        m.line("Adam, 512x512", 12 * 512 * 513, 7 * 512 * 513, None, step);
    }
}
