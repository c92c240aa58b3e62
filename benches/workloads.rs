//! The workloads that are compared with other libraries: networks in training and inference, and single operations.
//!
//! `cargo bench --bench workloads` prints `typegrad,<workload>,<median_us>,<min_us>,<max_us>` for each workload on
//! stdout, and the loss before and after each training on stderr. Words after `--` select the workloads whose names
//! contain one of them. `TYPEGRAD_THREADS` is the number of threads, 1 by default.
//!
//! A row is the median of seven loops of at least 60 ms, after a warm-up of at least 3 calls and 150 ms. A training step
//! is zero gradients, forward, loss, backward and SGD with the learning rate 1e-3; inference records nothing. Single
//! operations keep their inputs alive, so that no result is written into an input.

#[path = "common/networks.rs"]
mod networks;
#[path = "common/options.rs"]
mod options;

use networks::{CONTEXT, Cnn, Gpt, MnistMlp, TinyMlp, VOCABULARY, WIDTH};
use std::hint::black_box;
use std::time::{Duration, Instant};
use typegrad::prelude::*;

const REPETITIONS: usize = 7;
const LOOP: Duration = Duration::from_millis(60);
const WARM_UP: Duration = Duration::from_millis(150);

fn time_loop<R>(calls: u64, run: &mut impl FnMut() -> R) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(run());
    }
    start.elapsed()
}

struct Bench {
    words: Vec<String>,
}

impl Bench {
    fn wants(&self, name: &str) -> bool {
        options::wants(&self.words, name)
    }

    /// Measures and prints a workload.
    fn run<R>(&self, name: &str, mut run: impl FnMut() -> R) {
        if !self.wants(name) {
            return;
        }
        let (start, mut calls) = (Instant::now(), 0);
        while calls < 3 || start.elapsed() < WARM_UP {
            black_box(run());
            calls += 1;
        }
        let mut calls = 1;
        loop {
            let time = time_loop(calls, &mut run);
            if time >= LOOP {
                break;
            }
            let enough = LOOP.as_secs_f64() * 1.15 / time.as_secs_f64().max(1e-9) * calls as f64;
            calls = (enough.ceil() as u64).clamp(calls + 1, calls * 64);
        }
        let mut times =
            [(); REPETITIONS].map(|()| time_loop(calls, &mut run).as_secs_f64() * 1e6 / calls as f64);
        times.sort_by(f64::total_cmp);
        let [median, least, most] = [times[REPETITIONS / 2], times[0], times[REPETITIONS - 1]];
        println!("typegrad,{name},{median:.3},{least:.3},{most:.3}");
    }

    /// Measures training steps. `step` runs forward, loss and backward, and returns the loss.
    fn train<N: Module>(&self, name: &str, mut net: N, mut step: impl FnMut(&mut N) -> f32) {
        if !self.wants(name) {
            return;
        }
        let mut sgd = Sgd::new(1e-3);
        net.zero_grad();
        let before = step(&mut net);
        self.run(name, || {
            net.zero_grad();
            let loss = step(&mut net);
            sgd.step(&mut net);
            loss
        });
        net.zero_grad();
        let after = step(&mut net);
        let verdict = if after.is_finite() && after < before { "ok" } else { "BAD" };
        eprintln!("# typegrad,{name}: loss {before:.5} -> {after:.5} {verdict}");
    }

    fn matmul<const N: usize>(&self, rng: &mut Rng) {
        let (a, b) = (Tensor::<Rank2<N, N>>::randn(rng), Tensor::<Rank2<N, N>>::randn(rng));
        self.run(&format!("matmul_{N}"), || black_box(&a).clone().matmul(black_box(&b)));
    }
}

fn tiny_mlp(bench: &Bench, rng: &mut Rng) {
    let (x, y) = (Tensor::<Rank2<32, 4>>::randn(rng), Tensor::<Rank2<32, 1>>::randn(rng));
    bench.train("tiny_mlp_train_b32", TinyMlp::new(rng), |net| {
        net.train(black_box(&x).clone()).mse_loss(&y).backward()
    });
    let (net, x) = (TinyMlp::new(rng), Tensor::<Rank2<1, 4>>::randn(rng));
    bench.run("tiny_mlp_infer_b1", || net.infer(black_box(&x).clone()));
}

fn mnist_mlp(bench: &Bench, rng: &mut Rng) {
    let x = Tensor::<Rank2<128, 784>>::randn(rng);
    let y = Tensor::<Rank1<128>, i64>::randint(0, 10, rng);
    bench.train("mnist_mlp_train_b128", MnistMlp::new(rng), |net| {
        net.train(black_box(&x).clone()).cross_entropy(&y).backward()
    });
    let net = MnistMlp::new(rng);
    bench.run("mnist_mlp_infer_b128", || net.infer(black_box(&x).clone()));
    let x = Tensor::<Rank2<1, 784>>::randn(rng);
    bench.run("mnist_mlp_infer_b1", || net.infer(black_box(&x).clone()));
}

fn cnn(bench: &Bench, rng: &mut Rng) {
    let x = Tensor::<Rank4<64, 1, 28, 28>>::randn(rng);
    let y = Tensor::<Rank1<64>, i64>::randint(0, 10, rng);
    bench.train("cnn_train_b64", Cnn::new(rng), |net| {
        net.train(black_box(&x).clone()).cross_entropy(&y).backward()
    });
    let net = Cnn::new(rng);
    bench.run("cnn_infer_b64", || net.infer(black_box(&x).clone()));
}

fn gpt(bench: &Bench, rng: &mut Rng) {
    const BATCH: usize = 16;
    const LAYERS: usize = 4;
    // Two normalizations, queries, keys and values, the projection of the attention, the feed-forward network.
    const BLOCK: usize = 4 * WIDTH + 4 * (WIDTH * WIDTH + WIDTH) + 8 * WIDTH * WIDTH + 5 * WIDTH;
    const EMBEDDINGS: usize = (VOCABULARY + CONTEXT) * WIDTH;
    const HEAD: usize = 2 * WIDTH + WIDTH * VOCABULARY + VOCABULARY;

    let vocabulary = VOCABULARY as i64;
    let x = Tensor::<Rank2<BATCH, CONTEXT>, i64>::randint(0, vocabulary, rng);
    let y = Tensor::<Rank2<BATCH, CONTEXT>, i64>::randint(0, vocabulary, rng);
    let net = Gpt::<LAYERS>::new(rng);
    assert_eq!(net.num_parameters(), EMBEDDINGS + LAYERS * BLOCK + HEAD);
    bench.train("gpt_train", net, |net| {
        net.train(black_box(&x).clone()).cross_entropy_axis::<-1, _>(&y).backward()
    });
}

fn operations(bench: &Bench, rng: &mut Rng) {
    bench.matmul::<64>(rng);
    bench.matmul::<256>(rng);
    bench.matmul::<512>(rng);
    bench.matmul::<1024>(rng);
    let (a, b) = (Tensor::<Rank3<32, 64, 64>>::randn(rng), Tensor::<Rank3<32, 64, 64>>::randn(rng));
    bench.run("bmm_32x64x64x64", || black_box(&a).clone().bmm(black_box(&b)));

    type Million = Rank1<{ 1 << 20 }>;
    let (a, b) = (Tensor::<Million>::randn(rng), Tensor::<Million>::randn(rng));
    bench.run("add_1m", || black_box(&a) + black_box(&b));
    bench.run("exp_1m", || black_box(&a).clone().exp());
    bench.run("clamp_1m", || black_box(&a).clone().clamp(-0.5, 0.5));
    let square = a.clone().reshape::<Rank2<1024, 1024>>();
    bench.run("softmax_1024x1024", || black_box(&square).clone().softmax::<-1>());
    bench.run("norm_1024x1024", || black_box(&square).clone().norm_keepdim::<-1>());
    let (c, d) = (a.clone().reshape::<Rank2<512, 2048>>(), b.clone().reshape::<Rank2<512, 2048>>());
    bench.run("cat_2x512x2048_axis1", || (black_box(&c).clone(), black_box(&d).clone()).cat::<1>());
    bench.run("stack_2x1m", || (black_box(&a).clone(), black_box(&b).clone()).stack::<0>());
}

fn main() {
    options::set_threads();
    let bench = Bench { words: options::words() };
    let rng = &mut Rng::seed(0);
    tiny_mlp(&bench, rng);
    mnist_mlp(&bench, rng);
    cnn(&bench, rng);
    gpt(&bench, rng);
    operations(&bench, rng);
}
