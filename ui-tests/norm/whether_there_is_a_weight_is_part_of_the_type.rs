// PyTorch has `BatchNorm2d(3, affine=False)`.
use typegrad::prelude::*;

fn main() {
    let norm = BatchNorm2d::<3>::new(&mut Rng::seed(0)).affine(false);
    println!("{}", norm.num_parameters());
}
