// PyTorch's `TripletMarginLoss(0.3)`.
use typegrad::prelude::*;

fn main() {
    let loss = TripletMarginLoss::new(0.3);
    println!("{loss:?}");
}
