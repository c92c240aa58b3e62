// PyTorch has `Conv2d(3, 8, 3, padding=1)`.
use typegrad::prelude::*;

fn main() {
    let conv = Conv2d::<3, 8, 3>::new(&mut Rng::seed(0)).padding(1);
    println!("{}", conv.num_parameters());
}
