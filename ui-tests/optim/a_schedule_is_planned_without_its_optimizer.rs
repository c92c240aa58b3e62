// PyTorch: lr_scheduler.StepLR(optimizer, 30) starts at once.
use typegrad::prelude::*;

fn main() {
    let mut adam = Adam::new(0.1);
    let schedule = StepLr::new(&mut adam, 30);
    println!("{schedule:?}");
}
