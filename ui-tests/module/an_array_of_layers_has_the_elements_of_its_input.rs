// An array of layers is given the elements of its layers. PyTorch: mat1 and mat2 must have the same dtype, but got Double and Float.

use typegrad::prelude::*;

fn main() {
    let net = <[Linear<8, 8>; 3]>::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<32, 8>, f64>::ones();
    println!("{}", net.train(x).sum().backward());
}
