// PyTorch accepts it: there, a tensor may be used twice.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    body: Linear<64, 32>,
    left: Linear<32, 10>,
    right: Linear<32, 10>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.body.call(x).relu();
        let left = self.left.call(x);
        let right = self.right.call(x);
        left * right.sigmoid()
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
}
