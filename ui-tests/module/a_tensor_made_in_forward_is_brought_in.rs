// PyTorch cuts the graph there, silently: the layers before it get no gradient.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc1: Linear<64, 32>,
    fc2: Linear<32, 10>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        let x = Tensor::<Rank2<B, 32>>::try_from(x.to_vec()).unwrap();
        self.fc2.call(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
}
