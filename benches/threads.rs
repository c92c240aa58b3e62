//! From which size on two threads pay inside an operation, and what a busy core costs.
//!
//! `cargo bench --bench threads` prints for each kind of work and each size the time on one thread and on two, least of many
//! calls in turn, and their ratio. The constants of the kernels are such that a size is cut into parts where the ratio is
//! clearly below 1. `cargo bench --bench threads -- busy` runs four of the workloads, for a machine on one of whose cores a
//! loop runs; benches/README.md says how.

#[path = "common/options.rs"]
mod options;

use std::hint::black_box;
use std::time::{Duration, Instant};
use typegrad::prelude::*;

/// The mean time of a call in seconds for a number of threads, of the fastest of many short series.
struct Least {
    of_one: f64,
    of_two: f64,
    median_of_two: f64,
}

fn measure(mut run: impl FnMut()) -> Least {
    let mut series = |threads: usize, calls: u32| {
        typegrad::set_num_threads(threads);
        let start = Instant::now();
        (0..calls).for_each(|_| run());
        start.elapsed().as_secs_f64() / f64::from(calls)
    };
    series(2, 1);
    let mut calls = 1;
    while calls < 1 << 16 && series(1, calls) * f64::from(calls) < 2e-4 {
        calls *= 2;
    }
    let (mut of_one, mut twos) = (f64::INFINITY, Vec::new());
    let begin = Instant::now();
    while twos.len() < 9 || begin.elapsed() < Duration::from_millis(400) {
        of_one = of_one.min(series(1, calls));
        twos.push(series(2, calls));
    }
    twos.sort_by(f64::total_cmp);
    Least { of_one, of_two: twos[0], median_of_two: twos[twos.len() / 2] }
}

fn line(words: &[String], kind: &str, size: &str, run: impl FnMut()) {
    let name = format!("{kind}/{size}");
    if options::wants(words, &name) {
        let Least { of_one, of_two, median_of_two } = measure(run);
        println!(
            "{name:<28} {:>10.2} {:>10.2} {:>10.2} {:>7.2} {:>7.2}",
            of_one * 1e6,
            of_two * 1e6,
            median_of_two * 1e6,
            of_two / of_one,
            median_of_two / of_one
        );
    }
}

/// Element-wise operations, a sum, and an optimizer, at N elements.
fn elements<const N: usize>(words: &[String]) {
    let rng = &mut Rng::seed(0);
    let (x, y) = (Tensor::<Rank1<N>>::randn(rng), Tensor::<Rank1<N>>::randn(rng));
    let size = &N.to_string();
    line(words, "add", size, || drop(black_box(x.clone() + &y)));
    line(words, "exp", size, || drop(black_box(x.clone().exp())));
    line(words, "gelu", size, || drop(black_box(x.clone().gelu())));
    line(words, "sum", size, || drop(black_box(x.clone().sum())));
    line(words, "cat", size, || drop(black_box((x.clone(), y.clone()).cat::<0>())));
    let mut net = Weights::<N> { weight: Param::new(x.clone()) };
    let mut adam = Adam::new(1e-9);
    // A step uses the gradients up, so that they are computed again.
    line(words, "mul_adam", size, || {
        (net.weight.track() * &y).sum().backward();
        adam.step(&mut net);
    });
}

#[derive(Module)]
#[module(no_init)]
struct Weights<const N: usize> {
    weight: Param<Rank1<N>>,
}

/// Rows of 128: along the last axis, and along the first.
fn rows<const R: usize>(words: &[String]) {
    let x = Tensor::<Rank2<R, 128>>::randn(&mut Rng::seed(0));
    let size = &format!("{R}x128");
    line(words, "softmax", size, || drop(black_box(x.clone().softmax::<1>())));
    line(words, "sum_axis1", size, || drop(black_box(x.clone().sum_axis::<1>())));
    line(words, "sum_axis0", size, || drop(black_box(x.clone().sum_axis::<0>())));
}

fn squares<const N: usize>(words: &[String]) {
    let rng = &mut Rng::seed(0);
    let (a, b) = (Tensor::<Rank2<N, N>>::randn(rng), Tensor::<Rank2<N, N>>::randn(rng));
    line(words, "matmul", &format!("{N}x{N}"), || drop(black_box(a.clone().matmul(&b))));
}

fn images<const B: usize>(words: &[String]) {
    let rng = &mut Rng::seed(0);
    let (conv, x) = (Conv2d::<16, 32, 3, 1, 1>::new(rng), Tensor::<Rank4<B, 16, 16, 16>>::randn(rng));
    let size = &format!("{B}x16x16x16");
    line(words, "conv", size, || drop(black_box(conv.infer(x.clone()))));
    let input = Param::new(x);
    line(words, "conv_train", size, || {
        conv.zero_grad();
        input.zero_grad();
        black_box(conv.train(input.track()).sum().backward());
    });
}

/// One larger image, whose channels or rows are shared.
fn one_image(words: &[String]) {
    let rng = &mut Rng::seed(0);
    let conv = Conv2d::<32, 64, 3, 1, 1>::new(rng);
    let input = Param::new(Tensor::<Rank4<1, 32, 28, 28>>::randn(rng));
    line(words, "conv_train", "1x32x28x28", || {
        conv.zero_grad();
        input.zero_grad();
        black_box(conv.train(input.track()).sum().backward());
    });
    // Few channels: the rows are shared, and the terms of the weight.
    let (conv, x) = (Conv2d::<3, 16, 7>::new(rng), Tensor::<Rank4<1, 3, 96, 96>>::randn(rng));
    line(words, "conv", "1x3x96x96", || drop(black_box(conv.infer(x.clone()))));
    line(words, "conv_train", "1x3x96x96", || {
        conv.zero_grad();
        black_box(conv.train(x.clone()).sum().backward());
    });
    let (conv, input) = (Conv2d::<8, 16, 5>::new(rng), Param::new(Tensor::<Rank4<1, 8, 64, 64>>::randn(rng)));
    line(words, "conv_train", "1x8x64x64", || {
        conv.zero_grad();
        input.zero_grad();
        black_box(conv.train(input.track()).sum().backward());
    });
}

fn busy() {
    let words: Vec<String> = Vec::new();
    let rng = &mut Rng::seed(0);
    let (x, y) = (Tensor::<Rank1<1_000_000>>::randn(rng), Tensor::<Rank1<1_000_000>>::randn(rng));
    line(&words, "add", "1m", || drop(black_box(x.clone() + &y)));
    line(&words, "exp", "1m", || drop(black_box(x.clone().exp())));
    squares::<512>(&words);
    type Mlp = (Linear<784, 512>, Relu, Linear<512, 512>, Relu, Linear<512, 10>);
    let mut net = Box::new(Mlp::new(rng));
    let (x, labels) = (Tensor::<Rank2<128, 784>>::randn(rng), Tensor::<Rank1<128>, i64>::randint(0, 10, rng));
    let mut adam = Adam::new(1e-3);
    line(&words, "mnist_mlp_train", "b128", || {
        net.zero_grad();
        net.train(x.clone()).cross_entropy(&labels).backward();
        adam.step(&mut *net);
    });
}

fn main() {
    options::set_threads();
    let words = &options::words();
    println!(
        "{:<28} {:>10} {:>10} {:>10} {:>7} {:>7}",
        "row", "one_us", "two_us", "median_two", "ratio", "median"
    );
    if words.iter().any(|word| word == "busy") {
        return busy();
    }
    elements::<16_384>(words);
    elements::<32_768>(words);
    elements::<65_536>(words);
    elements::<131_072>(words);
    elements::<262_144>(words);
    elements::<524_288>(words);
    elements::<1_048_576>(words);
    rows::<128>(words);
    rows::<256>(words);
    rows::<512>(words);
    rows::<1024>(words);
    rows::<2048>(words);
    rows::<4096>(words);
    squares::<64>(words);
    squares::<96>(words);
    squares::<128>(words);
    squares::<160>(words);
    squares::<192>(words);
    squares::<256>(words);
    images::<1>(words);
    images::<2>(words);
    images::<4>(words);
    images::<8>(words);
    images::<16>(words);
    one_image(words);
}
