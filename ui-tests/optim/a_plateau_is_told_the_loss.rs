// A scheduler that watches the loss needs it at each step. PyTorch: "step() missing 1 required positional argument".
use typegrad::prelude::*;

fn main() {
    let mut adam = Adam::new(0.1);
    let mut schedule = ReduceLrOnPlateau::new().patience(3);
    schedule.step(&mut adam);
}
