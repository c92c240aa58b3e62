// PyTorch accepts it: there, a tensor may be used twice.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    embed: Linear<64, 32>,
    fc: Linear<32, 32>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 32>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.embed.call(x);
        x + self.fc.call(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<32, 64>>::ones()).sum().backward();
}
