//! Data-parallel training: one batch on several threads.
//!
//! With gₛ the gradient of shard s, a mean over nₛ rows, and n = Σ nₛ, the gradient of the whole batch is
//! Σ (nₛ / n) gₛ. The sum is taken in the order of the shards, on whichever thread each was computed.

use crate::data::Batch;
use crate::element::Float;
use crate::graph::accumulate;
use crate::kernel::{denormal, threads};
use crate::nn::{Buffers, Generator, Module, ModuleExt, Param, Visitor, VisitorMut};
use crate::optim::LossNumber;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::storage::Storage;
use std::any::Any;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

/// Training on several threads. PyTorch's `DistributedDataParallel`, in one process.
///
/// A batch consists of several shards. Each runs through a copy of the network on one of the threads. Results
/// depend on the shards and never on the threads: with one seed they are bit-identical on a machine with one core and on one
/// with sixty-four.
///
/// ```
/// use typegrad::data::{Batch, Dataset};
/// use typegrad::prelude::*;
/// use typegrad::train::DataParallel;
///
/// let mut rng = Rng::seed(0);
/// let examples: Vec<([f32; 2], i64)> =
///     (0..70).map(|_| [rng.normal() as f32, rng.normal() as f32]).map(|x| (x, i64::from(x[0] > x[1]))).collect();
/// let train = examples.batches::<8>().shards::<4>(); // 4 * 8 examples for each step
///
/// let mut net = Linear::<2, 2>::new(&mut rng);
/// let mut adam = Adam::new(0.1);
/// let parallel = DataParallel::new(2);
/// for _ in 0..20 {
///     for shards in train.epoch(&mut rng) {
///         net.zero_grad();
///         parallel.backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
///             net.train(x).cross_entropy(&y).backward()
///         });
///         adam.step(&mut net);
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataParallel {
    threads: usize,
}

impl DataParallel {
    /// Uses this number of threads, including the calling one.
    ///
    /// # Panics
    /// If `threads` is 0.
    #[must_use]
    #[track_caller]
    pub fn new(threads: usize) -> Self {
        assert!(threads > 0, "at least one thread is needed");
        DataParallel { threads }
    }

    /// Uses as many threads as there are cores available to this process.
    #[must_use]
    pub fn all_cores() -> Self {
        DataParallel::new(std::thread::available_parallelism().map_or(1, Into::into))
    }

    /// Runs the backward pass of a batch in shards: `step` computes the loss of one shard, a mean over its rows,
    /// and runs its backward pass. Returns the mean over all rows.
    ///
    /// The mean of a loss with class weights or ignored labels is not over rows, and the mean of several is not that of their
    /// batch, as in PyTorch: `step` then runs `criterion.sum(..) * (1.0 / rows.len() as f32)`, its share of the sum.
    ///
    /// Adds to the gradients of `net` those of the mean over all rows: shards are weighted by their real rows. The
    /// buffers of `net` become those of the first shard, as in PyTorch, so a batch norm uses the statistics of one
    /// shard. Each [`Generator`] draws different numbers in every shard.
    ///
    /// # Panics
    /// If `step` panics, with the same panic; `net` then has its previous gradients and buffers.
    pub fn backward<M, T, E, const B: usize>(
        &self,
        net: &mut M,
        shards: impl IntoIterator<Item = Batch<T, B>>,
        step: impl Fn(&M, Batch<T, B>) -> E + Sync,
    ) -> E
    where
        M: Module + Clone + Sync,
        T: Send,
        E: LossNumber,
    {
        let shards: Vec<_> = shards.into_iter().collect();
        let rows: usize = shards.iter().map(|shard| shard.rows.len()).sum();
        let count = shards.len();
        let (losses, parts) = self.run(net, shards.into_iter().enumerate(), count, rows, step);
        let mut sum = AddGradients { shards: parts, parameter: 0 };
        net.visit_mut(&mut sum);
        if let Some(buffers) = sum.shards.into_iter().next().and_then(|first| first.buffers) {
            buffers.restore(net);
        }
        E::from_f64(losses.iter().sum())
    }

    /// Runs `step` for some of the `count` shards of a step, which have `rows` real rows together. Returns the loss of
    /// each, multiplied by its share of the rows, and what it computed, both in order.
    ///
    /// The generators of `net` are drawn from as if all shards ran here.
    pub(super) fn run<M, T, E, const B: usize>(
        &self,
        net: &M,
        shards: impl Iterator<Item = (usize, Batch<T, B>)>,
        count: usize,
        rows: usize,
        step: impl Fn(&M, Batch<T, B>) -> E + Sync,
    ) -> (Vec<f64>, Vec<ShardResult>)
    where
        M: Module + Clone + Sync,
        T: Send,
        E: Float,
    {
        let seeds = Seeds::draw(net, count);
        let run = |(shard, batch): (usize, Batch<T, B>)| {
            let weight = batch.rows.len() as f64 / rows as f64;
            let mut copy = net.clone();
            copy.zero_grad();
            seeds.sow(&copy, shard);
            let loss = step(&copy, batch);
            let mut parts = ShardResult { weight, gradients: Vec::new(), buffers: None };
            copy.visit_mut(&mut TakeGradients(&mut parts));
            if shard == 0 {
                parts.buffers = Some(Buffers::of(&copy));
            }
            (loss.as_f64() * weight, parts)
        };
        self.map(shards.collect::<Vec<_>>(), run).into_iter().unzip()
    }

    /// Applies `f` to every item on all threads, and returns the results in order. `f` does not change a network, as `train`
    /// changes the buffers of a batch norm and `sample` the generator of a dropout: threads take turns in no fixed order. For example
    /// for an evaluation:
    ///
    /// ```
    /// use typegrad::data::Dataset;
    /// use typegrad::prelude::*;
    /// use typegrad::train::DataParallel;
    /// let net = Linear::<2, 2>::new(&mut Rng::seed(0));
    /// let test = vec![([1.0_f32, 2.0], 1_i64); 70].batches::<32>();
    /// let right = DataParallel::new(2).map(test.in_order(), |batch| {
    ///     let (x, y) = batch.data;
    ///     net.infer(x).argmax_axis::<-1>().eq(&y).count_nonzero().item()
    /// });
    /// let accuracy = right.iter().sum::<i64>() as f64 / 70.0;
    /// # assert!(accuracy == 0.0 || accuracy == 1.0);
    /// ```
    ///
    /// # Panics
    /// If `f` panics, with the same panic.
    pub fn map<I, R>(&self, items: I, f: impl Fn(I::Item) -> R + Sync) -> Vec<R>
    where
        I: IntoIterator<IntoIter: Send>,
        R: Send,
    {
        let queue = Mutex::new(items.into_iter().enumerate());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let all = || std::iter::from_fn(next).map(|(place, item)| (place, f(item))).collect::<Vec<_>>();
        // Where each thread has a shard, operations do not use threads of their own.
        let work = || if self.threads > 1 { threads::inline(all) } else { all() };
        // Not every system gives it to a new thread.
        let denormals = denormal::get();
        let on_another_thread = || {
            denormal::set(denormals);
            work()
        };
        let mut done = std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads).map(|_| scope.spawn(on_another_thread)).collect();
            let mut done = work();
            for other in others {
                done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        done.sort_unstable_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

/// The result of a shard: storages and tensors, in the order of the visitor.
pub(super) struct ShardResult {
    /// The share of its rows in those of the step.
    pub(super) weight: f64,
    /// Of each parameter a `Storage`, where there is a gradient.
    pub(super) gradients: Vec<Option<Box<dyn Any + Send>>>,
    /// The buffers of the first shard.
    pub(super) buffers: Option<Buffers>,
}

struct TakeGradients<'p>(&'p mut ShardResult);

impl<'a> VisitorMut<'a> for TakeGradients<'_> {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        let gradient = param.gradient.take();
        self.0.gradients.push(gradient.map(|gradient| Box::new(gradient) as Box<dyn Any + Send>));
    }
}

struct AddGradients {
    shards: Vec<ShardResult>,
    parameter: usize,
}

impl<'a> VisitorMut<'a> for AddGradients {
    fn param<S: Shape, E: Float>(&mut self, param: &'a mut Param<S, E>) {
        let mut sum: Option<Storage<E>> = None;
        for shard in &mut self.shards {
            let gradient = shard.gradients.get_mut(self.parameter).and_then(Option::take);
            let Some(mut gradient) = gradient.and_then(|any| any.downcast::<Storage<E>>().ok()) else {
                continue;
            };
            let weight = E::from_f64(shard.weight);
            match &mut sum {
                Some(sum) => {
                    for (sum, g) in sum.make_mut().iter_mut().zip(gradient.as_slice()) {
                        *sum += *g * weight;
                    }
                }
                None => {
                    gradient.make_mut().iter_mut().for_each(|g| *g *= weight);
                    sum = Some(*gradient);
                }
            }
        }
        if let Some(sum) = sum {
            accumulate(param.gradient.get_mut(), sum);
        }
        self.parameter += 1;
    }
}

/// A seed for each generator of each shard, drawn from the generators of the network.
struct Seeds {
    shards: usize,
    seeds: Vec<u64>,
}

impl Seeds {
    fn draw(net: &impl Module, shards: usize) -> Self {
        let mut seeds = Seeds { shards, seeds: Vec::new() };
        net.visit(&mut Generators(|generator: &Generator| {
            generator.draw(|rng| seeds.seeds.extend((0..shards).map(|_| Rng::bits(rng))));
        }));
        seeds
    }

    fn sow(&self, copy: &impl Module, shard: usize) {
        let mut seeds = self.seeds.iter().skip(shard).step_by(self.shards);
        copy.visit(&mut Generators(|generator: &Generator| {
            generator.reseed(seeds.next().copied().unwrap_or_default());
        }));
    }
}

struct Generators<F>(F);

impl<'a, F: FnMut(&Generator)> Visitor<'a> for Generators<F> {
    fn param<S: Shape, E: Float>(&mut self, _: &'a Param<S, E>) {}
    fn generator(&mut self, generator: &'a Generator) {
        (self.0)(generator);
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_net::{Net, loader, net, state};
    use super::*;
    use crate::data::Position;
    use crate::prelude::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// The state after a run of 20 steps, as bits.
    fn trained(threads: usize) -> Vec<u32> {
        let (mut net, loader, mut adam, mut rng) = (net(3), loader::<4>(), Adam::new(0.01), Rng::seed(5));
        let parallel = DataParallel::new(threads);
        let mut bits = Vec::new();
        for _ in 0..5 {
            // 13 batches: 4, 4, 4 and 1, of which the last has 2 real rows.
            for shards in loader.clone().shards::<4>().epoch(&mut rng) {
                net.zero_grad();
                let loss = parallel.backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
                    net.train(x).cross_entropy(&y).backward()
                });
                bits.push(loss.to_bits());
                adam.step(&mut net);
            }
        }
        assert_eq!(bits.len(), 20);
        bits.extend(state(&net));
        bits
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        let one = trained(1);
        for threads in [2, 3, 4, 9] {
            assert_eq!(trained(threads), one, "{threads} threads");
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_whole_batch_also_when_shards_are_partial() {
        type Mlp = (Linear<4, 8>, Relu, Linear<8, 3>);
        let mut net: Mlp = Init::new(&mut Rng::seed(6));
        let whole = loader::<50>().in_order().next().unwrap();
        let loss = net.train(whole.data.0).cross_entropy(&whole.data.1).backward();
        let want = (net.0.weight.grad().unwrap(), net.2.bias.grad().unwrap());
        net.zero_grad();
        for _ in 0..2 {
            // 50 = 6 * 8 + 2. The second time the gradients add up, as those of any two passes.
            let mean = DataParallel::new(2).backward(&mut net, loader::<8>().in_order(), |net, batch| {
                net.train(batch.data.0).cross_entropy(&batch.data.1).backward()
            });
            assert!((mean - loss).abs() < 1e-6);
        }
        let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a / 2.0 - b).abs() < 1e-6);
        assert!(close(net.0.weight.grad().unwrap().as_slice(), want.0.as_slice()));
        assert!(close(net.2.bias.grad().unwrap().as_slice(), want.1.as_slice()));
    }

    #[test]
    fn buffers_are_those_of_the_first_shard_and_each_shard_has_random_numbers_of_its_own() {
        let mut net = net(3);
        let shards: Vec<_> = loader::<4>().in_order().take(3).collect();
        let alone = net.clone();
        let first = shards[0].data.clone();
        let _ = alone.train(first.0).cross_entropy(&first.1);
        let drawn = Mutex::new(Vec::new());
        let run = |net: &mut Net| {
            DataParallel::new(2).backward(net, shards.clone(), |net, Batch { data: (x, y), .. }| {
                let noise = net.3.clone();
                drawn.lock().unwrap().push(noise.sample(Tensor::<Rank1<64>>::ones()).to_vec());
                net.train(x).cross_entropy(&y).backward()
            });
        };
        run(&mut net);
        assert_eq!(net.1.mean.value(), alone.1.mean.value());
        run(&mut net);
        let drawn = drawn.into_inner().unwrap();
        assert!((0..6).all(|i| drawn[..i].iter().all(|other| *other != drawn[i])));
    }

    #[test]
    fn a_panic_propagates_and_changes_nothing() {
        let mut net = net(3);
        let before = net.1.mean.value();
        for threads in [1, 3] {
            let panic = catch_unwind(AssertUnwindSafe(|| {
                DataParallel::new(threads).backward(&mut net, loader::<4>().in_order(), |net, batch| {
                    let loss = net.train(batch.data.0).cross_entropy(&batch.data.1).backward();
                    assert!(batch.position.examples() != 16, "the fourth shard is bad");
                    loss
                })
            }));
            assert_eq!(*panic.unwrap_err().downcast_ref::<&str>().unwrap(), "the fourth shard is bad");
            assert!(net.0.weight.grad().is_none());
            assert_eq!(net.1.mean.value(), before);
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items = 0..100_u64;
        let slow = |i: u64| (0..(100 - i) * 500).fold(i, |x, _| std::hint::black_box(x));
        assert!(DataParallel::new(3).map(items.clone(), slow).into_iter().eq(items));
        assert!(DataParallel::all_cores().map(Vec::<u8>::new(), |_| ()).is_empty());
    }

    #[test]
    fn no_shards_give_no_gradient() {
        let mut net = net(3);
        let none =
            loader::<4>().resume(Position::from_bytes(&[&[0][..], &[0; 8], &[255; 8]].concat()).unwrap());
        let loss: f32 =
            DataParallel::new(2).backward(&mut net, none, |_, _| unreachable!("there is no shard"));
        assert_eq!(loss, 0.0);
        assert!(net.0.weight.grad().is_none());
    }
}
