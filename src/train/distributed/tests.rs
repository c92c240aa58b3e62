use super::local::{Local, job};
use super::*;
use crate::data::{Dataset, Position};
use crate::prelude::*;
use crate::train::test_net::{Net, loader, net, state};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

type Start<'a, M, O> = (&'a mut M, &'a mut O, &'a mut Rng);

fn start<M: Module, O: OptimizerOfAJob>(
    rank: Local,
    threads: usize,
    (net, optimizer, rng): Start<'_, M, O>,
) -> Result<Distributed, DistributedError> {
    Distributed::over(Box::new(rank), DataParallel::new(threads), net, optimizer, rng)
}

/// Losses, parameters and buffers of a run on one process.
fn on_one() -> Vec<u32> {
    let (mut net, loader, mut adam, mut rng) = (net(3), loader::<4>(), Adam::new(0.01), Rng::seed(5));
    let mut bits = Vec::new();
    for _ in 0..5 {
        for shards in loader.clone().shards::<6>().epoch(&mut rng) {
            net.zero_grad();
            let loss = DataParallel::new(1).backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
                net.train(x).cross_entropy(&y).backward()
            });
            bits.push(loss.to_bits());
            adam.step(&mut net);
        }
    }
    // Steps of 6, 6 and 1 shards, of which the last has 2 rows.
    assert_eq!(bits.len(), 15);
    bits.extend(state(&net));
    bits
}

/// The same on one rank, in steps of `N` times `accumulate` shards. Ranks other than 0 begin with other values.
fn on_rank<const N: usize>(rank: Local, threads: usize, accumulate: usize) -> Vec<u32> {
    let mut net = net(if rank.rank() == 0 { 3 } else { 99 });
    let (loader, mut adam, mut rng) = (loader::<4>(), Adam::new(0.01), Rng::seed(5));
    let parallel = start(rank, threads, (&mut net, &mut adam, &mut rng)).unwrap();
    let mut bits = Vec::new();
    for _ in 0..5 {
        for shards in parallel.shards(loader.clone().shards::<N>().epoch(&mut rng)).accumulate(accumulate) {
            net.zero_grad();
            let before = parallel.bytes_sent();
            let loss = parallel.backward(&mut net, shards, |net, Batch { data: (x, y), .. }| {
                net.train(x).cross_entropy(&y).backward()
            });
            assert_eq!(parallel.bytes_sent() - before, parallel.bytes_per_step(&net));
            bits.push(loss.to_bits());
            adam.step(&mut net);
        }
    }
    bits.extend(state(&net));
    parallel.finish();
    bits
}

#[test]
fn any_number_of_ranks_and_threads_is_bit_identical_to_one_process() {
    let one = on_one();
    for (ranks, threads) in [(1, 1), (1, 3), (2, 1), (3, 2), (4, 1), (5, 1), (7, 1)] {
        for bits in job(ranks, |rank| on_rank::<6>(rank, threads, 1)) {
            assert_eq!(bits, one, "{ranks} ranks, {threads} threads");
        }
    }
}

#[test]
fn accumulated_steps_are_those_of_more_shards() {
    let one = on_one();
    for ranks in [1, 2, 4] {
        assert!(
            job(ranks, |rank| on_rank::<2>(rank, 1, 3)).into_iter().all(|bits| bits == one),
            "{ranks} ranks"
        );
    }
}

#[test]
fn bytes_are_those_of_the_documentation() {
    // 4 parameters are 4 * 8 + 8 + 8 * 3 + 3 elements, and one bit each; the buffer has 8 elements.
    let (gradients, flags, buffers) = (4 * 67, 1, 4 * 8);
    let (up, down) = (70 + flags + buffers + gradients, 8 + flags + gradients);
    for (ranks, expected) in [(1, vec![0]), (2, vec![up, down]), (4, vec![up, up + down, up + down, down])] {
        let bytes = job(ranks, |rank| {
            let (mut net, mut sgd, mut rng) = (net(3), Sgd::new(0.1), Rng::seed(0));
            let parallel = start(rank, 1, (&mut net, &mut sgd, &mut rng)).unwrap();
            parallel.bytes_per_step(&net)
        });
        assert_eq!(bytes, expected);
    }
}

/// Of two parts with elements of different types, one is used by some shards only, one by none.
#[derive(Module, Clone)]
struct Parts {
    #[module(init = Tensor::zeros().into())]
    wide: Param<Rank2<120, 100>, f64>,
    #[module(init = Tensor::zeros().into())]
    some: Param<Rank1<3>>,
    #[module(init = Tensor::zeros().into())]
    never: Param<Rank1<5>>,
}

/// -0.0 is the gradient of `some`, of which a sum that starts with 0.0 would make 0.0.
fn parts_step(net: &Parts, batch: Batch<PaddedBatch<Tensor<Rank1<1>>>, 1>) -> f64 {
    let x = batch.data.real_elements()[0];
    if x as usize % 3 == 1 {
        (net.some.track() * -0.0).sum().backward();
    }
    let factor = Tensor::<Rank2<120, 100>, f64>::from_fn(|i| (i as f64 + 1.0).sqrt() / f64::from(x + 1.5));
    ((net.wide.track() + 0.1) * factor).sum().backward()
}

#[test]
fn gradients_that_only_some_shards_have_are_those_of_one_process() {
    let batches = (0..8).map(|i| i as f32).collect::<Vec<_>>().batches::<1>().shards::<8>();
    let bits = |net: &Parts| {
        let wide = net.wide.grad().unwrap();
        let some = net.some.grad().map(|grad| grad.to_vec().iter().map(|x| x.to_bits()).collect::<Vec<_>>());
        (wide.as_slice().iter().map(|x| x.to_bits()).collect::<Vec<_>>(), some, net.never.grad().is_none())
    };
    let mut one = Parts::new(&mut Rng::seed(0));
    let mut losses = vec![];
    for _ in 0..2 {
        for shards in batches.in_order() {
            losses.push(DataParallel::new(1).backward(&mut one, shards, parts_step).to_bits());
        }
    }
    let expected = bits(&one);
    assert_eq!((expected.1.clone(), expected.2), (Some(vec![(-0.0_f32).to_bits(); 3]), true));
    for ranks in 1..=5 {
        let all = job(ranks, |rank| {
            let mut net = Parts::new(&mut Rng::seed(0));
            let parallel = start(rank, 1, (&mut net, &mut Sgd::new(0.1), &mut Rng::seed(0))).unwrap();
            let mut own = vec![];
            for _ in 0..2 {
                for shards in parallel.shards(batches.in_order()) {
                    own.push(parallel.backward(&mut net, shards, parts_step).to_bits());
                }
            }
            // In f64, the order in which the losses of the shards are added shows.
            assert_eq!(own, losses, "{ranks} ranks");
            bits(&net)
        });
        assert!(all.into_iter().all(|bits| bits == expected), "{ranks} ranks");
    }
}

/// A buffer that no state dict has.
#[derive(Module, Clone)]
struct Counting {
    #[module(init = Buffer::non_persistent(Tensor::zeros()))]
    mean: Buffer<Rank1<3>>,
}

#[test]
fn the_start_gives_all_ranks_the_buffers_that_are_not_saved() {
    for values in job(3, |rank| {
        let mut net = Counting::new(&mut Rng::seed(0));
        net.mean.set(Tensor::full(rank.rank() as f32 + 7.0));
        start(rank, 1, (&mut net, &mut Sgd::new(0.1), &mut Rng::seed(0))).unwrap().finish();
        net.mean.value().to_vec()
    }) {
        assert_eq!(values, [7.0; 3]);
    }
}

#[test]
fn shards_are_divided_and_none_is_lost() {
    for count in 0..40 {
        for ranks in 1..12 {
            let parts: Vec<_> = (0..ranks).map(|rank| shards::own(count, rank, ranks)).collect();
            assert!(parts.iter().cloned().flatten().eq(0..count), "{count} shards, {ranks} ranks");
            let lens = parts.iter().map(|part| part.len());
            assert!(lens.clone().max() <= lens.min().map(|min| min + 1), "{parts:?}");
            assert!(count == 0 || !parts[0].is_empty());
        }
    }
}

/// Numbers that count how often each was read.
struct Counted(Vec<AtomicUsize>);

impl Dataset for Counted {
    type Example = f32;
    fn len(&self) -> usize {
        self.0.len()
    }
    fn get(&self, index: usize) -> f32 {
        self.0[index].fetch_add(1, Ordering::Relaxed);
        index as f32
    }
}

#[test]
fn a_rank_reads_its_own_examples_and_has_the_batches_of_the_epoch() {
    let counted = || Counted((0..72).map(|_| AtomicUsize::new(0)).collect());
    let plain = counted().batches::<4>().shards::<5>();
    let expected: Vec<_> = plain.epoch(&mut Rng::seed(1)).collect();
    let ranks = 3;
    let mut read = 0;
    let mut steps: Vec<Vec<_>> = (0..expected.len()).map(|_| vec![]).collect();
    for rank in 0..ranks {
        let loader = counted().batches::<4>().shards::<5>();
        let own = RankShards::new(loader.epoch(&mut Rng::seed(1)), rank, ranks);
        assert_eq!(own.len(), 4);
        for (step, (shards, expected)) in own.zip(&expected).enumerate() {
            assert_eq!(shards.position(), expected.last().unwrap().position);
            assert_eq!(shards.num_shards(), expected.len());
            assert_eq!(shards.rows(), expected.iter().map(|batch| batch.rows.len()).sum::<usize>());
            assert_eq!(shards.first, steps[step].len());
            steps[step].extend(shards.batches);
        }
        read += loader.dataset().0.iter().map(|count| count.load(Ordering::Relaxed)).sum::<usize>();
    }
    assert_eq!(read, 72, "each example is read once");
    for (found, expected) in steps.into_iter().zip(expected) {
        let rows = |batch: &Batch<PaddedBatch<Tensor<Rank1<4>>>, 4>| {
            (batch.data.clone().with_padding().to_vec(), batch.position)
        };
        assert!(found.iter().map(rows).eq(expected.iter().map(rows)));
    }
}

#[test]
fn every_row_is_evaluated_once() {
    let test = loader::<8>();
    for ranks in [1, 2, 3, 9] {
        let calls = AtomicUsize::new(0);
        let results = job(ranks, |rank| {
            let (mut net, mut sgd, mut rng) = (net(3), Sgd::new(0.1), Rng::seed(0));
            let parallel = start(rank, 2, (&mut net, &mut sgd, &mut rng)).unwrap();
            let results = parallel.map(test.in_order(), |batch| {
                calls.fetch_add(1, Ordering::Relaxed);
                (net.infer(batch.data.0).argmax_axis::<-1>().real_elements().to_vec(), batch.rows.len())
            });
            parallel.finish();
            results
        });
        let net = net(3);
        let expected: Vec<_> = test
            .in_order()
            .map(|batch| {
                (net.infer(batch.data.0).argmax_axis::<-1>().real_elements().to_vec(), batch.rows.len())
            })
            .collect();
        assert_eq!(expected.iter().map(|(_, rows)| rows).sum::<usize>(), 50);
        assert!(results.iter().all(|all| *all == expected));
        assert_eq!(calls.into_inner(), 7, "each batch on one rank");
    }
}

#[test]
fn the_error_of_a_start_names_the_rank_and_the_first_difference() {
    fn problem<M: Module + Init>(rank: Local, optimizer: &mut impl OptimizerOfAJob, seed: u64) -> String {
        let mut net = M::new(&mut Rng::seed(0));
        start(rank, 1, (&mut net, optimizer, &mut Rng::seed(seed))).unwrap_err().to_string()
    }
    type Small = (Linear<2, 3>, Relu);
    type Large = (Linear<2, 4>, Relu);
    for (odd, expected) in [
        (0, "it has parameter 0.weight: float32 [4, 2], and rank 0 has parameter 0.weight: float32 [3, 2]"),
        (1, "it has the optimizer Sgd(lr=0.1, "),
        (4, "it has the optimizer Adam(lr=0.1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.001, "),
        (2, "it has the generator of the program, which a seed or a checkpoint sets, in state "),
        (3, "it has generator 2.generator, and rank 0 has the optimizer Adam"),
    ] {
        let texts = job(4, |rank| match (rank.rank(), odd) {
            (2, 0) => problem::<Large>(rank, &mut Adam::new(0.1), 5),
            (2, 1) => problem::<Small>(rank, &mut Sgd::new(0.1), 5),
            (2, 4) => problem::<Small>(rank, &mut Adam::new(0.1).weight_decay(1e-3), 5),
            (2, 2) => problem::<Small>(rank, &mut Adam::new(0.1), 6),
            (2, 3) => problem::<(Linear<2, 3>, Relu, Dropout)>(rank, &mut Adam::new(0.1), 5),
            _ => problem::<Small>(rank, &mut Adam::new(0.1), 5),
        });
        let start = format!("rank 2 differs from rank 0: {expected}");
        assert!(texts.iter().all(|text| text.starts_with(&start)), "{texts:?}");
    }
}

#[test]
fn ranks_that_make_different_calls_are_named() {
    let position = Position::from(12);
    let call = Call { shards: 4, rows: 12, position, bytes: 100, ..Call::new(Kind::Backward, 7) };
    let problems = job(2, |rank| {
        let call = if rank.rank() == 0 { call } else { Call::new(Kind::Map, 7) };
        let mut agreed = Agreed::new(call, rank.rank(), |_| 0, ());
        let result = relay::relay(&rank, &[(FIRST.0, 0)], &mut agreed);
        result.err()
    });
    let expected = "the ranks do different things. Rank 0: call 7, `backward` of 4 shards with 12 rows up to example 12 in \
                    order, and of 100 bytes of gradients. Rank 1: call 7, `map` of 0 batches with 0 rows after example 0 in order";
    assert_eq!(problems, [None, Some(expected.to_owned())]);
}

/// A run that saves at every step, and stops after some, or resumes from there.
fn resumable(rank: Local, path: &Path, stop: usize) -> Option<Vec<u32>> {
    let (mut net, mut adam, mut rng) = (net(3), Adam::new(0.01), Rng::seed(5));
    let loader = loader::<4>().shards::<6>();
    let parallel = start(rank, 1, (&mut net, &mut adam, &mut rng)).unwrap();
    let (mut epoch, mut position, mut steps) = (0, None, 0);
    if let Some(saved) = parallel.load(path).unwrap() {
        net.load_state_dict(&saved.model, Strict::Yes).unwrap();
        net.load_generator_state(&saved.generators).unwrap();
        adam.load_state_dict(&saved.optimizer, &net).unwrap();
        rng = saved.rng.unwrap();
        (epoch, position) = (saved.epoch, saved.position);
    }
    while epoch < 3 {
        let shards = match position.take() {
            Some(position) => loader.resume(position),
            None => loader.epoch(&mut rng),
        };
        for shards in parallel.shards(shards).prefetch(1) {
            let position = Some(shards.position());
            net.zero_grad();
            parallel.backward(&mut net, shards, |net: &Net, batch| {
                net.train(batch.data.0).cross_entropy(&batch.data.1).backward()
            });
            adam.step(&mut net);
            let checkpoint = Checkpoint {
                model: net.state_dict(),
                generators: net.generator_state(),
                optimizer: adam.state_dict(),
                rng: Some(rng.clone()),
                epoch,
                position,
                ..Checkpoint::default()
            };
            parallel.save(path, &checkpoint).unwrap();
            steps += 1;
            if steps == stop {
                return None;
            }
        }
        epoch += 1;
    }
    parallel.finish();
    Some(state(&net))
}

#[test]
fn a_job_resumes_bit_identically_with_another_number_of_ranks() {
    let path = std::env::temp_dir().join(format!("typegrad-distributed-{}", std::process::id()));
    let mut results = vec![];
    for (stops, ranks) in
        [(vec![], vec![1]), (vec![1], vec![2, 3]), (vec![4, 2], vec![3, 1, 4]), (vec![3], vec![1, 2])]
    {
        std::fs::remove_file(&path).ok();
        for (stop, ranks) in stops.iter().zip(&ranks) {
            assert!(job(*ranks, |rank| resumable(rank, &path, *stop)).iter().all(Option::is_none));
        }
        results.extend(job(*ranks.last().unwrap(), |rank| resumable(rank, &path, usize::MAX).unwrap()));
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(results.len(), 1 + 3 + 4 + 2);
    assert!(results.iter().all(|result| *result == results[0]));
}

#[test]
fn a_checkpoint_of_ranks_that_differ_is_not_written_and_every_rank_has_the_error() {
    let path = std::env::temp_dir().join(format!("typegrad-diverged-{}", std::process::id()));
    let errors = job(3, |rank| {
        let (mut net, mut sgd, mut rng) = (net(3), Sgd::new(0.1), Rng::seed(0));
        let parallel = start(rank, 1, (&mut net, &mut sgd, &mut rng)).unwrap();
        if parallel.rank() == 1 {
            net.4.bias.as_mut_slice()[2] += 1e-6;
        }
        let checkpoint = Checkpoint { model: net.state_dict(), ..Checkpoint::default() };
        let diverged = parallel.save(&path, &checkpoint).unwrap_err();
        assert!(!path.exists());
        let nowhere = path.join("no").join("folder");
        let missing = parallel.save(&nowhere, &Checkpoint::default()).unwrap_err().to_string();
        assert!(matches!(parallel.load(&nowhere), Ok(None)));
        parallel.finish();
        (diverged, missing)
    });
    for (diverged, missing) in errors {
        assert_eq!(diverged, DistributedError::Diverged { rank: 1, part: "parameters or buffers" });
        assert!(missing.starts_with("rank 0: ") && missing.contains("folder"), "{missing}");
    }
}

#[test]
fn a_panic_of_a_step_propagates_and_changes_nothing() {
    let texts = Mutex::new(vec![]);
    let net = net(3);
    job(1, |rank| {
        let mut net = net.clone();
        let parallel = start(rank, 2, (&mut net, &mut Sgd::new(0.1), &mut Rng::seed(0))).unwrap();
        let shards = parallel.shards(loader::<4>().shards::<4>().in_order()).next().unwrap();
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            parallel.backward(&mut net, shards, |_, batch| {
                assert!(batch.position.examples() != 16, "the fourth shard is bad");
                0.0_f32
            })
        }));
        texts.lock().unwrap().push(*panic.unwrap_err().downcast::<&str>().unwrap());
        assert!(net.0.weight.grad().is_none());
    });
    net.zero_grad();
    assert_eq!(texts.into_inner().unwrap(), ["the fourth shard is bad"]);
}
