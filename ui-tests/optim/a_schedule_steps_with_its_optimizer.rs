// PyTorch: scheduler.step() knows the optimizer.
use typegrad::prelude::*;

fn main() {
    let mut adam = Adam::new(0.1);
    let mut schedule = StepLr::new(30).start(&mut adam);
    schedule.step();
}
