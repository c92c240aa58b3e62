// PyTorch takes a single row for a `Linear`; a network that says `[B, 784]` takes a batch.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<784, 10>,
}

impl<const B: usize> Forward<Rank2<B, 784>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 784>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let image = Tensor::<Rank1<784>>::ones();
    let scores = net.infer(image);
    println!("{}", scores.argmax_axis::<-1>());
}
