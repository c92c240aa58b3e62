// PyTorch: "mat1 and mat2 shapes cannot be multiplied (896x28 and 784x128)", while the program runs.
use typegrad::prelude::*;

fn main() {
    let mut net: (Linear<784, 128>, Relu, Linear<128, 10>) = Init::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let images = Tensor::<Rank4<32, 1, 28, 28>>::ones();
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.zero_grad();
    net.train(images).cross_entropy(&labels).backward();
    adam.step(&mut net);
}
