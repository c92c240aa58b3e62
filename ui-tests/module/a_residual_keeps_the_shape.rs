// x + f(x) needs an f that keeps the shape. PyTorch raises when it runs: "The size of tensor a (5) must match the size of
// tensor b (4)".
use typegrad::prelude::*;

fn main() {
    let block = Residual::<Linear<4, 5>>::new(&mut Rng::seed(0));
    block.infer(Tensor::<Rank2<2, 4>>::ones());
}
