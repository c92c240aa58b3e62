//! One step of training on one thread and on several: the same shards, bit-identical results.
//!
//! `cargo bench --bench parallel` prints the median time of a step, forward, backward, sum of the gradients and Adam, and the
//! speed-up.

use std::time::{Duration, Instant};
use typegrad::data::{Batch, DataLoader, Dataset, TensorDataset};
use typegrad::prelude::*;
use typegrad::train::DataParallel;

const SHARD: usize = 64;
const SHARDS: usize = 4;
const ROUNDS: usize = 41;

type Wide = (Linear<784, 512>, Relu, Linear<512, 512>, Relu, Linear<512, 10>);
type Small = (Linear<64, 64>, Relu, Linear<64, 64>, Relu, Linear<64, 10>);

/// Two convolutions on images of 28 x 28.
#[derive(Clone, Module)]
struct Cnn {
    conv1: Conv2d<1, 16, 3, 1, 1>,
    conv2: Conv2d<16, 32, 3, 1, 1>,
    fc: Linear<6272, 10>,
}

impl Forward<Rank2<SHARD, 784>> for Cnn {
    type Output = Rank2<SHARD, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<SHARD, 784>, M>) -> impl Traced<Self::Output, M> {
        let x = self.conv1.call(x.reshape::<Rank4<SHARD, 1, 28, 28>>()).relu();
        let x = self.conv2.call(x.with_shape::<Rank4<SHARD, 16, 28, 28>>()).relu();
        let x = x.with_shape::<Rank4<SHARD, 32, 28, 28>>().max_pool2d::<2, 2, 0, 1>();
        self.fc.call(x.reshape::<Rank2<SHARD, 6272>>())
    }
}

/// The median time of a step, and the loss of the last one.
fn step<const I: usize, M>(threads: usize) -> (Duration, u32)
where
    M: Module + Init + Clone + Sync + Forward<Rank2<SHARD, I>, f32, Output = Rank2<SHARD, 10>>,
{
    let rng = &mut Rng::seed(0);
    let x = Tensor::<Rank2<{ SHARD * SHARDS }, I>>::randn(rng);
    let y = Tensor::<Rank1<{ SHARD * SHARDS }>, i64>::randint(0, 10, rng);
    let loader: DataLoader<_, SHARD> = TensorDataset::new(x, y).batches();
    let (mut net, mut adam, parallel) = (M::new(rng), Adam::new(1e-3), DataParallel::new(threads));
    let (mut times, mut bits) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let shards: Vec<_> = loader.epoch(rng).collect();
        let begin = Instant::now();
        net.zero_grad();
        let loss: f32 = parallel.backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
            net.train(x).cross_entropy(&y).backward()
        });
        adam.step(&mut net);
        times.push(begin.elapsed());
        bits = loss.to_bits();
    }
    times.sort();
    (times[ROUNDS / 2], bits)
}

fn report<const I: usize, M>(name: &str)
where
    M: Module + Init + Clone + Sync + Forward<Rank2<SHARD, I>, f32, Output = Rank2<SHARD, 10>>,
{
    let (one, bits) = step::<I, M>(1);
    println!("{name:<24} 1 thread   {:>9.3} ms", one.as_secs_f64() * 1e3);
    for threads in [2, 4] {
        let (time, same) = step::<I, M>(threads);
        assert_eq!(bits, same, "the same bits");
        let speed_up = one.as_secs_f64() / time.as_secs_f64();
        println!(
            "{name:<24} {threads} threads  {:>9.3} ms   {speed_up:.2} times as fast",
            time.as_secs_f64() * 1e3
        );
    }
}

fn main() {
    println!(
        "batch of {SHARDS} shards of {SHARD}; {} cores",
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    report::<784, Wide>("784-512-512-10");
    report::<784, Cnn>("convolutions 16 and 32");
    report::<64, Small>("64-64-64-10");
}
