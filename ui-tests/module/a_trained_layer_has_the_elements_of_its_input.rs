// A layer of f32 that is trained on f64. PyTorch: "mat1 and mat2 must have the same dtype", when it runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<4, 2>::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<1, 4>, f64>::ones()).sum().backward();
}
