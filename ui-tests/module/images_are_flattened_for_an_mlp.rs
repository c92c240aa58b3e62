// PyTorch: "mat1 and mat2 shapes cannot be multiplied (896x28 and 784x128)", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Mlp {
    fc1: Linear<784, 128>,
    fc2: Linear<128, 10>,
}

impl<const B: usize> Forward<Rank2<B, 784>> for Mlp {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

fn main() {
    let mut net = Mlp::new(&mut Rng::seed(0));
    let mut adam = Adam::new(1e-3);
    let images = Tensor::<Rank4<32, 1, 28, 28>>::ones();
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.zero_grad();
    net.train(images).cross_entropy(&labels).backward();
    adam.step(&mut net);
}
