//! The time of a step on several processes beyond that of its shards, and what the cost model of docs/cluster.md says.
//!
//! `cargo bench --features mpi --bench cluster` starts 1, 2 and 4 processes on this machine.
//!
//! `cargo bench --features mpi --bench cluster -- 400mbit` starts 2 and 3 processes on hosts that are simulated by network
//! namespaces and send at this rate; it needs root.
//!
//! With the word `overlap` (`-- overlap`, `-- overlap 400mbit`), two processes run a backward pass and a sum of gradients that do not
//! depend on each other: each alone, in sequence, and at the same time. The difference of the last two is the most that
//! sending gradients during the backward pass could save.
//!
//! Without it, the columns are the gradients in bytes, the least and the median time of 11 steps, and the model: α is taken from the smallest
//! network on two processes, β from the largest.

#[path = "../tests/mpi/network.rs"]
mod network;

use network::Network;
use std::process::Command;
use std::time::Instant;
use typegrad::data::Dataset;
use typegrad::prelude::*;
use typegrad::train::Distributed;

/// A parameter whose gradient costs little.
type Net<const K: usize> = Param<Rank1<K>>;

const STEPS: usize = 11;
const SIZES: [usize; 4] = [250, 25_000, 250_000, 2_000_000];

/// The least and the median time of a step in microseconds, on rank 0.
fn time<const K: usize>(parallel: &Distributed, rng: &mut Rng) -> (f64, f64) {
    let mut net: Net<K> = Param::new(Tensor::zeros());
    parallel.synchronize(&mut net, &mut Sgd::new(0.1), rng).expect("equal programs");
    let loader = vec![1.0_f32; parallel.num_ranks()].batches::<1>().shards::<64>();
    let mut times: Vec<_> = (0..STEPS)
        .map(|_| {
            net.zero_grad();
            let shards = parallel.shards(loader.in_order()).next().expect("a step");
            let start = Instant::now();
            parallel.backward(&mut net, shards, |net, _| net.track().sum().backward());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[STEPS / 2])
}

/// The network of the backward pass that overlaps: convolutions, whose gradients are few for their time.
type Conv = (Conv2d<1, 16, 3, 1, 1>, Relu, Conv2d<16, 32, 3, 1, 1>, Relu, Flatten, Linear<{ 32 * 64 }, 10>);

/// The minimum times in microseconds of a backward pass, of a sum, of both in sequence, and of both at the same time.
fn overlap<const K: usize>(parallel: &Distributed, rng: &mut Rng) -> [f64; 4] {
    let mut net: Net<K> = Param::new(Tensor::zeros());
    parallel.synchronize(&mut net, &mut Sgd::new(0.1), rng).expect("equal programs");
    let loader = vec![1.0_f32; parallel.num_ranks()].batches::<1>().shards::<64>();
    let conv = Conv::new(rng);
    let images = Tensor::<Rank4<64, 1, 8, 8>>::randn(rng);
    let computes = || {
        for _ in 0..4 {
            conv.train(images.clone()).square().mean().backward();
            conv.zero_grad();
        }
    };
    let mut sums = || {
        net.zero_grad();
        let shards = parallel.shards(loader.in_order()).next().expect("a step");
        parallel.backward(&mut net, shards, |net, _| net.track().sum().backward());
    };
    let mut least = [f64::INFINITY; 4];
    for _ in 0..STEPS {
        for (way, least) in least.iter_mut().enumerate() {
            // All ranks start at the same time.
            parallel.map(vec![0.0_f32; 1].batches::<1>().in_order(), |_| 0_u8);
            let start = Instant::now();
            match way {
                0 => computes(),
                1 => sums(),
                2 => {
                    computes();
                    sums();
                }
                _ => std::thread::scope(|scope| {
                    scope.spawn(computes);
                    sums();
                }),
            }
            *least = least.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    least
}

fn child(overlaps: bool) {
    let rng = &mut Rng::seed(0);
    let parallel =
        Distributed::start(1, &mut Linear::<1, 1>::new(rng), &mut Sgd::new(0.1), rng).expect("MPI");
    if overlaps {
        let times = [
            overlap::<{ SIZES[1] }>(&parallel, rng),
            overlap::<{ SIZES[2] }>(&parallel, rng),
            overlap::<{ SIZES[3] }>(&parallel, rng),
        ];
        if parallel.rank() == 0 {
            println!("bytes,backward_us,sum_us,one_after_the_other_us,at_the_same_time_us");
            for (size, [backward, sum, both, overlapped]) in SIZES[1..].iter().zip(times) {
                println!("{},{backward:.0},{sum:.0},{both:.0},{overlapped:.0}", 4 * size);
            }
        }
        return parallel.finish();
    }
    let times = [
        time::<{ SIZES[0] }>(&parallel, rng),
        time::<{ SIZES[1] }>(&parallel, rng),
        time::<{ SIZES[2] }>(&parallel, rng),
        time::<{ SIZES[3] }>(&parallel, rng),
    ];
    if parallel.rank() == 0 {
        times.iter().for_each(|(least, median)| println!("{least} {median}"));
    }
    parallel.finish();
}

/// The output of a job.
fn job(ranks: usize, network: Option<&Network>, word: &str) -> String {
    let mut command = Command::new("mpirun");
    command.args(["-n", &ranks.to_string()]);
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1").env("TYPEGRAD_NUM_THREADS", "1");
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    if let Some(network) = network {
        network.place(&mut command, ranks);
    }
    command.arg(std::env::current_exe().expect("a path")).arg(word);
    let output = command.output().expect("mpirun");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The least and the median times that a job printed.
fn times(text: &str) -> Vec<(f64, f64)> {
    let numbers =
        |line: &str| line.split_once(' ').map(|(a, b)| (a.parse().expect("µs"), b.parse().expect("µs")));
    text.lines().filter_map(numbers).collect()
}

/// The steps of the relay, and the bytes that a rank in the middle sends in each. See src/train/distributed/relay.rs.
fn relay(bytes: usize, ranks: usize) -> (f64, f64) {
    let (hops, both) = ((2 * ranks).saturating_sub(3) as f64, if ranks > 2 { 2.0 } else { 1.0 });
    let best = (bytes as f64 * 20_000.0 / both / hops).sqrt();
    let chunk = best.clamp(4096.0, f64::from(1 << 20)).min(bytes as f64);
    // Two chunks more have the call and the flags.
    ((bytes as f64 / chunk).ceil() + 2.0 + hops, both * chunk)
}

fn main() {
    let words: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    match words.first().map(String::as_str) {
        Some("child") => return child(false),
        Some("child-overlap") => return child(true),
        _ => {}
    }
    let rate = words.iter().find(|word| *word != "overlap");
    let network = rate.map(|rate| Network::new(Some(rate)).expect("network namespaces, which need root"));
    if words.iter().any(|word| word == "overlap") {
        print!("{}", job(2, network.as_ref(), "child-overlap"));
        return;
    }
    let ranks: &[usize] = if network.is_some() { &[2, 3] } else { &[1, 2, 4] };
    let times: Vec<_> = ranks.iter().map(|ranks| times(&job(*ranks, network.as_ref(), "child"))).collect();
    let two = &times[ranks.iter().position(|ranks| *ranks == 2).expect("two")];
    let ((small, large), last) = ((two[0].0, two[3].0), 4 * SIZES[3]);
    let alpha = small / relay(4 * SIZES[0], 2).0;
    let (steps, bytes) = relay(last, 2);
    let beta = (large - steps * alpha) / (steps * bytes);
    println!("alpha {alpha:.1} us, beta {:.3} ns: {:.0} MB/s", beta * 1e3, 1.0 / beta);
    println!("processes,bytes,least_us,median_us,model_us");
    for (ranks, times) in ranks.iter().zip(times) {
        for (size, (least, median)) in SIZES.iter().zip(times) {
            let (steps, bytes) = relay(4 * size, *ranks);
            let model = if *ranks == 1 { 0.0 } else { steps * (alpha + beta * bytes) };
            println!("{ranks},{},{least:.0},{median:.0},{model:.0}", 4 * size);
        }
    }
}
