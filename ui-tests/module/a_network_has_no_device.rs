// PyTorch: works where there is a GPU, else "Torch not compiled with CUDA enabled", while the program runs.

use typegrad::prelude::*;

fn main() {
    let net = <(Linear<4, 8>, Relu, Linear<8, 3>)>::new(&mut Rng::seed(0)).cuda();
    net.train(Tensor::<Rank2<8, 4>>::ones()).sum().backward();
}
