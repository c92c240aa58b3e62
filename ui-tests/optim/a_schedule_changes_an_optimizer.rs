// A schedule is told whose rate it changes, and that is no module's. PyTorch's schedules remember the optimizer.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    let mut schedule = StepLr::new(30).start(&mut adam);
    schedule.step(&mut net);
}
