// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x63 and 64x32)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<64, 32>::new(&mut Rng::seed(0));
    let _ = net.train(Tensor::<Rank2<8, 63>>::ones());
}
