// PyTorch: silent, and the network learns slowly.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 784>, loss = CrossEntropyLoss)]
struct Classifier {
    fc1: Linear<784, 128>,
    fc2: Linear<128, 10>,
}

impl<const B: usize> Forward<Rank2<B, 784>> for Classifier {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x).softmax::<-1>()
    }
}

fn main() {
    let mut net = Classifier::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    net.train(Tensor::<Rank2<32, 784>>::ones()).cross_entropy(&labels).backward();
    Adam::new(1e-3).step(&mut net);
}
