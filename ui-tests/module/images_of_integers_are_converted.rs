// Layers take floats, also those before the first with parameters. PyTorch: mat1 and mat2 must have the same dtype, but got Long and Float.

use typegrad::prelude::*;

fn main() {
    let net = <(Flatten, Linear<784, 10>)>::new(&mut Rng::seed(0));
    let images = Tensor::<Rank3<32, 28, 28>, i64>::zeros();
    println!("{}", net.train(images).sum().backward());
}
