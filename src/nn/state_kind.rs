//! Whose state a state dict is, as its names show.

use super::load::{Invalid, LoadError};
use super::{Dtype, StateDict};

/// The kinds of parts that take a state dict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Taker {
    #[default]
    Module,
    Optimizer,
    Scheduler,
    Generators,
    EarlyStopping,
    AveragedModel,
}

impl Taker {
    /// The name in an error: the state dict does not fit "the module".
    pub(super) fn name(self) -> &'static str {
        match self {
            Taker::Module => "module",
            Taker::Optimizer => "optimizer",
            Taker::Scheduler => "scheduler",
            Taker::Generators => "generators of the module",
            Taker::EarlyStopping => "`EarlyStopping`",
            Taker::AveragedModel => "`AveragedModel`",
        }
    }

    /// Whose state it is, and the call that takes it.
    fn state(self) -> &'static str {
        match self {
            Taker::Module => "the state of a module, which `net.load_state_dict(&dict, Strict::Yes)` takes",
            Taker::Optimizer => {
                "the state of an optimizer, which `optimizer.load_state_dict(&dict, &net)` takes"
            }
            Taker::Scheduler => "the state of a scheduler, which `schedule.load_state_dict(&dict)` takes",
            Taker::Generators => "the state of a generator, which `net.load_generator_state(&dict)` takes",
            Taker::EarlyStopping => {
                "the state of an `EarlyStopping`, which `stopping.load_state_dict(&dict)` takes"
            }
            Taker::AveragedModel => {
                "the state of an `AveragedModel`, which `average.load_state_dict(&dict)` takes"
            }
        }
    }

    /// Whose state it is, and a name that shows it; `None` if its names show nothing.
    fn of(dict: &StateDict) -> Option<(Self, &str)> {
        let marks = [
            ("n_averaged", Taker::AveragedModel),
            ("best_epoch", Taker::EarlyStopping),
            ("last_epoch", Taker::Scheduler),
            ("num_bad_epochs", Taker::Scheduler),
        ];
        let number = |name: &str| dict.get(name).is_some_and(|tensor| tensor.shape().is_empty());
        if let Some((name, taker)) = marks.into_iter().find(|(name, _)| number(name)) {
            return Some((taker, name));
        }
        if let Some(name) = dict.names().find(|name| is_rate(name) && number(name)) {
            return Some((Taker::Optimizer, name));
        }
        if dict.iter().all(|(_, tensor)| tensor.shape() == [4] && tensor.dtype() == Dtype::I64) {
            return Some((Taker::Generators, dict.names().next()?));
        }
        let last = |name: &str| matches!(name.rsplit('.').next(), Some("weight" | "bias"));
        Some((Taker::Module, dict.names().find(|name| last(name))?))
    }
}

/// Whether this is the learning rate of an optimizer: `Adam.lr`.
fn is_rate(name: &str) -> bool {
    name.strip_suffix(".lr")
        .is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()) && !kind.contains('.'))
}

impl LoadError {
    /// The error of this taker. Of a state dict of something else it is one line, which names what it is: the rest would be a
    /// list of everything.
    pub(crate) fn of(mut self, taker: Taker, dict: &StateDict) -> Self {
        if let Some((found, name)) = Taker::of(dict).filter(|(found, _)| *found != taker) {
            let invalid = vec![Invalid { name: name.to_owned(), problem: found.state().to_owned() }];
            self = LoadError { invalid, ..LoadError::default() };
        }
        self.taker = taker;
        self
    }
}
