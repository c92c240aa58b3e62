// A plan has no rate before it is started. PyTorch's constructors take the optimizer.
use typegrad::prelude::*;

fn main() {
    let mut adam = Adam::new(0.1);
    let mut schedule = StepLr::new(30).gamma(0.5);
    schedule.step(&mut adam);
}
