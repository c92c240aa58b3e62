// PyTorch's `Linear(4, 2)` has its sizes as arguments.
use typegrad::prelude::*;

fn main() {
    let net = Linear::new(4, 2);
    println!("{net:?}");
}
