// PyTorch: the rows along the first axis.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 2>::new(&mut Rng::seed(0));
    for row in &net.weight {
        println!("{row}");
    }
}
