// PyTorch: "The size of tensor a (27) must match the size of tensor b (28) at non-singleton dimension 3", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let net: (Conv1d<1, 8, 3, 2, 1>, ConvTranspose1d<8, 1, 3, 2, 1>) = Init::new(&mut Rng::seed(0));
    let x = Tensor::<Rank3<2, 1, 28>>::ones();
    net.train(x.clone()).mse_loss(&x).backward();
}
