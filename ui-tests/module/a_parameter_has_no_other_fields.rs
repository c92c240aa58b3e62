// PyTorch adds an attribute of any name, and nothing is frozen.
use typegrad::prelude::*;

fn main() {
    let mut fc = Linear::<64, 10>::new(&mut Rng::seed(0));
    fc.weight.require_grad = false;
    println!("{}", fc.infer(Tensor::<Rank2<32, 64>>::ones()));
}
