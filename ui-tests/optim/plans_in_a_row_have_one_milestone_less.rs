// Two plans change once. PyTorch: "expects number of schedulers provided to be one more than the number of milestones".
use typegrad::prelude::*;

fn main() {
    let plans = (LinearLr::new(), CosineAnnealingLr::new(90));
    let _ = SequentialLr::new(plans, [10, 100]);
}
