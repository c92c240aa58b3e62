//! Which optimizer a schedule changes.

use super::Optimizer;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of optimizers that were made.
static MADE: AtomicUsize = AtomicUsize::new(0);

/// Which optimizer this is: a number that no other one has but its clones, so that an optimizer and a schedule that are
/// cloned together still belong together. It does not change when an optimizer is moved or loads a state.
#[derive(Clone, Copy)]
pub(super) struct Identity(usize);

impl Identity {
    pub(super) fn new() -> Self {
        Identity(MADE.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn number(self) -> usize {
        self.0
    }
}

/// The optimizer that a schedule changes; `None` before its first step, and of an optimizer that does not tell.
#[derive(Clone, Copy, Default)]
pub(super) struct Scheduled(Option<usize>);

impl Scheduled {
    pub(super) fn by(optimizer: &impl Optimizer) -> Self {
        Scheduled(optimizer.optimizer_identity())
    }

    /// Notes the optimizer of a step, if there was none before.
    ///
    /// # Panics
    /// If it is another one.
    #[track_caller]
    pub(super) fn check(&mut self, optimizer: &impl Optimizer) {
        let Some(number) = optimizer.optimizer_identity() else { return };
        assert!(
            *self.0.get_or_insert(number) == number,
            "this schedule was started with another optimizer, whose learning rate it changes: step it with that one; \
             a second optimizer needs a schedule of its own"
        );
    }
}

impl fmt::Debug for Scheduled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}
