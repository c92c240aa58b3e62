//! Ranks that do different things: the job ends, and no result is wrong.

use super::local::job;
use super::*;
use crate::data::Dataset;
use crate::prelude::*;
use crate::train::test_net::{Net, loader, net};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whether a job of two ranks comes to its end.
fn ends_well(step: impl Fn(&Distributed, &mut Net) + Sync) -> bool {
    let whole = || {
        job(2, |rank| {
            let (mut net, mut sgd, mut rng) = (net(3), Sgd::new(0.1), Rng::seed(0));
            let threads = DataParallel::new(1);
            let parallel = Distributed::over(Box::new(rank), threads, &mut net, &mut sgd, &mut rng).unwrap();
            step(&parallel, &mut net);
            parallel.finish();
        })
    };
    catch_unwind(AssertUnwindSafe(whole)).is_ok()
}

#[test]
fn an_evaluation_needs_datasets_of_one_length() {
    let map = |lens: [usize; 2]| {
        ends_well(|parallel, _| {
            let test = vec![0.0_f32; lens[parallel.rank()]].batches::<8>();
            let rows = parallel.map(test.in_order(), |batch| batch.rows.len());
            assert_eq!(rows.iter().sum::<usize>(), lens[0]);
        })
    };
    assert!(map([33, 33]));
    // Batches are as many, and the last one is shorter; or they are more.
    for lens in [[33, 34], [34, 33], [33, 71], [71, 33], [0, 1]] {
        assert!(!map(lens), "{lens:?}");
    }
}

#[test]
fn a_step_that_one_rank_repeats_after_a_panic_ends_the_job() {
    let run = |panics: bool| {
        ends_well(|parallel, net| {
            let shards = || parallel.shards(loader::<4>().shards::<4>().in_order()).next().unwrap();
            if panics && parallel.rank() == 1 {
                let step = |_: &Net, _: Batch<_, 4>| -> f32 { panic!("once") };
                assert!(catch_unwind(AssertUnwindSafe(|| parallel.backward(net, shards(), step))).is_err());
            }
            parallel.backward(net, shards(), |net, Batch { data: (x, y), .. }| {
                net.train(x).cross_entropy(&y).backward()
            });
        })
    };
    assert!(run(false));
    assert!(!run(true));
}

#[test]
fn a_checkpoint_has_the_state_of_every_rank() {
    let path = std::env::temp_dir().join(format!("typegrad-state-{}", std::process::id()));
    for error in job(3, |rank| {
        let (mut net, mut sgd, mut rng) = (net(3), Sgd::new(0.1), Rng::seed(0));
        let threads = DataParallel::new(1);
        let parallel = Distributed::over(Box::new(rank), threads, &mut net, &mut sgd, &mut rng).unwrap();
        let odd = parallel.rank() == 2;
        let generators = Dropout::new(&mut Rng::seed(odd.into())).generator_state();
        let rng = Some(Rng::seed(odd.into()));
        let errors = [
            Checkpoint { generators, ..Checkpoint::default() },
            Checkpoint { rng, ..Checkpoint::default() },
            Checkpoint { epoch: odd.into(), ..Checkpoint::default() },
            Checkpoint {
                scheduler: if odd { net.state_dict() } else { Default::default() },
                ..Default::default()
            },
        ]
        .map(|checkpoint| parallel.save(&path, &checkpoint).unwrap_err());
        assert!(!path.exists());
        parallel.finish();
        errors
    }) {
        let parts = [
            "generators of the model",
            "generators of the program",
            "epoch and position",
            "optimizer or scheduler states",
        ];
        assert_eq!(error, parts.map(|part| DistributedError::Diverged { rank: 2, part }));
    }
}

/// Of two parameters, `large` has more elements than are compared in each step.
#[derive(Module, Clone)]
struct Sizes {
    #[module(init = Tensor::zeros().into())]
    small: Param<Rank1<2>>,
    #[module(init = Tensor::zeros().into())]
    large: Param<Rank1<1025>>,
    #[module(init = Buffer::new(Tensor::zeros()))]
    buffer: Buffer<Rank1<3>>,
    dropout: Dropout,
}

#[test]
fn a_step_of_networks_that_differ_ends_the_job() {
    /// The number of steps that both ranks complete.
    fn steps(change: impl Fn(&mut Sizes) + Sync) -> usize {
        let done = AtomicUsize::new(0);
        let whole = || {
            job(2, |rank| {
                let (mut net, mut sgd, mut rng) =
                    (Sizes::new(&mut Rng::seed(0)), Sgd::new(0.1), Rng::seed(0));
                let parallel =
                    Distributed::over(Box::new(rank), DataParallel::new(1), &mut net, &mut sgd, &mut rng)
                        .unwrap();
                let batches = vec![0.0_f32; 6].batches::<1>().shards::<2>();
                for step in 0..20 {
                    for shards in parallel.shards(batches.in_order()) {
                        net.zero_grad();
                        parallel.backward(&mut net, shards, |net, _| {
                            (net.small.track().sum() + net.large.track().sum()).backward()
                        });
                        sgd.step(&mut net);
                        done.fetch_max(parallel.rank() * (parallel.steps.get() as usize), Ordering::Relaxed);
                    }
                    if step == 0 && parallel.rank() == 1 {
                        change(&mut net);
                    }
                }
                parallel.finish();
            })
        };
        let ended = catch_unwind(AssertUnwindSafe(whole)).is_err();
        let done = done.into_inner();
        assert_eq!(ended, done < 60);
        done
    }
    assert_eq!(steps(|_| ()), 60);
    assert_eq!(steps(|net| net.small.as_mut_slice()[1] += 1e-6), 3);
    assert_eq!(steps(|net| net.buffer.set(Tensor::ones())), 3);
    assert_eq!(steps(|net| drop(net.dropout.train(Tensor::<Rank1<4>>::ones()))), 3);
    let large = steps(|net| net.large.as_mut_slice()[1024] += 1e-6);
    assert!((3..20).contains(&large), "{large}");
}

#[test]
fn each_larger_tensor_of_each_of_several_networks_is_compared() {
    type Large = [Linear<40, 40>; 9];
    let nets: Vec<Large> = (0..2).map(|_| std::array::from_fn(|_| Init::new(&mut Rng::seed(0)))).collect();
    for networks in [1, 2, 3, 4, 15, 16, 17, 32] {
        for layer in 0..9 {
            let mut changed = nets[1].clone();
            changed[layer].weight.as_mut_slice()[1599] += 1e-6;
            let turns = (0..).map(|turn| turn * networks + networks / 2);
            let found = turns.take(200).position(|step| {
                fingerprint::before_step(&nets[0], step) != fingerprint::before_step(&changed, step)
            });
            // One network: once in each 16 steps.
            assert!(
                found.is_some_and(|found| networks > 1 || found < 31),
                "{networks} networks, layer {layer}: {found:?}"
            );
        }
    }
}
