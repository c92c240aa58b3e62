//! Several plans in sequence.

use super::LrPlan;

/// Plans in sequence: a tuple of two to four.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a sequence of plans for a learning rate",
    label = "not a tuple of two to four plans, each an `LrPlan`",
    note = "`ReduceLrOnPlateau` needs the loss at each step, so it cannot be part of a sequence; more than four plans nest"
)]
pub trait Schedulers {
    /// The epochs at which the next plan starts: an array with one number less than there are plans.
    type Milestones;

    #[doc(hidden)]
    fn at(&self, index: usize) -> Option<&dyn LrPlan>;
}

macro_rules! impl_schedulers {
    ($($letter:ident $index:tt)*; $milestones:literal) => {
        #[diagnostic::do_not_recommend]
        impl<$($letter: LrPlan),*> Schedulers for ($($letter,)*) {
            type Milestones = [usize; $milestones];
            fn at(&self, index: usize) -> Option<&dyn LrPlan> {
                match index {
                    $($index => Some(&self.$index),)*
                    _ => None,
                }
            }
        }
    };
}
impl_schedulers!(A 0 B 1; 1);
impl_schedulers!(A 0 B 1 C 2; 2);
impl_schedulers!(A 0 B 1 C 2 D 3; 3);

/// Runs plans in sequence, each from its milestone on: a warm-up, then the rest. PyTorch's
/// `lr_scheduler.SequentialLR`.
///
/// At its milestone a plan restarts from the initial rate of the optimizer.
///
/// ```
/// use typegrad::prelude::*;
/// let mut adam = AdamW::new(1e-3);
/// let warm_up = LinearLr::new().start_factor(0.01).total_iters(10);
/// let decay = CosineAnnealingLr::new(90).eta_min(1e-5);
/// let mut schedule = SequentialLr::new((warm_up, decay), [10]).start(&mut adam);
/// assert_eq!(adam.lr(), 1e-5);
/// (0..10).for_each(|_| schedule.step(&mut adam));
/// assert_eq!(adam.lr(), 1e-3);
/// (10..100).for_each(|_| schedule.step(&mut adam));
/// assert_eq!(adam.lr(), 1e-5);
/// ```
#[derive(Clone, Debug)]
pub struct SequentialLr<R, const N: usize> {
    schedulers: R,
    milestones: [usize; N],
}

impl<R, const N: usize> SequentialLr<R, N> {
    /// A tuple of plans, and the epochs at which the second and the later ones begin.
    ///
    /// # Panics
    /// If the milestones are not in order.
    #[must_use]
    #[track_caller]
    pub fn new(schedulers: R, milestones: [usize; N]) -> Self
    where
        R: Schedulers<Milestones = [usize; N]>,
    {
        assert!(milestones.is_sorted(), "the milestones {milestones:?} are not in order");
        SequentialLr { schedulers, milestones }
    }

    /// The plan of an epoch, and its own epoch.
    fn current(&self, epoch: usize) -> (&dyn LrPlan, usize)
    where
        R: Schedulers,
    {
        let milestones = self.milestones;
        let index = milestones.partition_point(|&milestone| milestone <= epoch);
        let scheduler = self.schedulers.at(index).expect("one more than there are milestones");
        (scheduler, if index == 0 { epoch } else { epoch - milestones[index - 1] })
    }
}

impl<R: Schedulers, const N: usize> LrPlan for SequentialLr<R, N> {
    #[track_caller]
    fn rate(&self, epoch: usize, lr: f64, base_lr: f64) -> f64 {
        let (scheduler, epoch) = self.current(epoch);
        scheduler.rate(epoch, if epoch == 0 { base_lr } else { lr }, base_lr)
    }
    fn momentum(&self, epoch: usize) -> Option<f64> {
        let (scheduler, epoch) = self.current(epoch);
        scheduler.momentum(epoch)
    }
}
