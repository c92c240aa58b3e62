// PyTorch: "Expected input batch_size (20) to match target batch_size (32)", or nothing, if the two are equal.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    lstm: Lstm<16, 64>,
    head: Linear<64, 10>,
}

impl<const B: usize, const T: usize> Forward<Rank3<B, T, 16>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, T, 16>, M>) -> impl Traced<Self::Output, M> {
        let end = self.lstm.call(x).select_at::<1, -1>();
        self.head.call(end)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let labels = Tensor::<Rank1<32>, i64>::full(3);
    let x = Tensor::<Rank3<20, 32, 16>>::ones();
    net.train(x).cross_entropy(&labels).backward();
}
