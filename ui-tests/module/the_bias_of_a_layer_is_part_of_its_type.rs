// PyTorch has `Linear(4, 1, bias=False)`.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 1>::new(&mut Rng::seed(0)).bias(false);
    println!("{}", net.num_parameters());
}
