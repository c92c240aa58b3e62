// A scheduler is given the optimizer whose rate it changes, not a module. PyTorch's schedulers hold the optimizer.
use typegrad::prelude::*;

fn main() {
    let mut net = Linear::<3, 2>::new(&mut Rng::seed(0));
    let mut adam = Adam::new(0.1);
    let mut schedule = StepLr::new(30).start(&mut adam);
    schedule.step(&mut net);
}
