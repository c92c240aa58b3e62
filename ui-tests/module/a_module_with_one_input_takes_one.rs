// `Forward` has one input, and `Forward2` two. PyTorch reports a wrong number while the program runs.
use typegrad::prelude::*;

fn main() {
    let net = Linear::<2, 2>::new(&mut Rng::seed(0));
    let _ = net.infer2(Tensor::<Rank2<8, 2>>::ones(), Tensor::<Rank2<8, 1>>::ones());
}
