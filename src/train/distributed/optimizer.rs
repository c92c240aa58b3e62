//! The optimizers of a job.

use crate::nn::{LoadError, Module, StateDict};
use crate::optim::{Lbfgs, Optimizer};
use std::fmt;

/// An [`Optimizer`], or an [`Lbfgs`], which is none because its step takes the loss.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimizer whose options and state can be compared",
    label = "not an optimizer, such as `Adam` or `Sgd`",
    note = "an optimizer of your own needs `Optimizer` and `Debug`"
)]
pub trait OptimizerOfAJob: fmt::Debug {
    /// Its state.
    #[doc(hidden)]
    fn state(&self) -> StateDict;
    /// Restores its state.
    #[doc(hidden)]
    fn load(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError>;
}

impl<O: Optimizer + fmt::Debug> OptimizerOfAJob for O {
    fn state(&self) -> StateDict {
        self.state_dict()
    }
    fn load(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
        self.load_state_dict(dict, module)
    }
}

impl OptimizerOfAJob for Lbfgs {
    fn state(&self) -> StateDict {
        self.state_dict()
    }
    fn load(&mut self, dict: &StateDict, module: &impl Module) -> Result<(), LoadError> {
        self.load_state_dict(dict, module)
    }
}

#[cfg(test)]
mod tests {
    use super::super::local::job;
    use super::super::transport::Transport;
    use super::super::{Distributed, DistributedError};
    use crate::data::Batch;
    use crate::prelude::*;
    use crate::train::DataParallel;
    use crate::train::test_net::{loader, net, state};

    #[test]
    fn lbfgs_has_the_bits_of_one_process() {
        let all = loader::<4>().shards::<13>();
        let mut one = net(3);
        let (parallel, mut lbfgs, mut expected) = (DataParallel::new(2), Lbfgs::new(0.5), vec![]);
        for shards in all.in_order().chain(all.in_order()) {
            expected.push(lbfgs.step(&mut one, |net| {
                parallel.backward(net, shards.clone(), |net: &_, Batch { data: (x, y), .. }| {
                    net.train(x).cross_entropy(&y).backward()
                })
            }));
        }
        let (expected, parameters, memory) = (expected, state(&one), lbfgs.state_dict());
        assert!(expected[1] < expected[0]);
        for ranks in [1, 3] {
            for result in job(ranks, |rank| {
                let (mut net, mut lbfgs) = (net(3 + rank.rank() as u64), Lbfgs::new(0.5));
                let threads = DataParallel::new(1);
                let parallel =
                    Distributed::over(Box::new(rank), threads, &mut net, &mut lbfgs, &mut Rng::seed(0))
                        .unwrap();
                let steps = parallel.shards(all.in_order()).chain(parallel.shards(all.in_order()));
                let losses: Vec<_> = steps
                    .map(|shards| {
                        lbfgs.step(&mut net, |net| {
                            parallel.backward(net, shards.clone(), |net: &_, Batch { data: (x, y), .. }| {
                                net.train(x).cross_entropy(&y).backward()
                            })
                        })
                    })
                    .collect();
                parallel.finish();
                (losses, state(&net), lbfgs.state_dict())
            }) {
                assert_eq!(result, (expected.clone(), parameters.clone(), memory.clone()), "{ranks} ranks");
            }
        }
    }

    #[test]
    fn options_of_lbfgs_that_differ_are_an_error() {
        for error in job(2, |rank| {
            let (mut net, mut lbfgs) = (net(3), Lbfgs::new(0.5).max_iter(3 + rank.rank()));
            let threads = DataParallel::new(1);
            Distributed::over(Box::new(rank), threads, &mut net, &mut lbfgs, &mut Rng::seed(0)).unwrap_err()
        }) {
            let DistributedError::Different { rank: 1, problem } = error else { panic!("{error}") };
            assert!(problem.starts_with("it has the optimizer Lbfgs(lr=0.5"), "{problem}");
        }
    }
}
