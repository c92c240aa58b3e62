// PyTorch: "element 0 of tensors does not require grad", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net = Frozen::new(Linear::<3, 1>::new(&mut Rng::seed(0)));
    net.train(Tensor::<Rank2<2, 3>>::ones()).sum().backward();
}
