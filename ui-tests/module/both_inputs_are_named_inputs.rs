// Two shapes as one: a shape is a tuple of sizes, so a pair of shapes has a name of its own.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = (Rank2<32, 2>, Rank2<32, 3>))]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
    #[module(init = Buffer::new(Tensor::zeros()))]
    mean: Buffer<Rank1<8>>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, x: Shared<Rank2<B, 2>, M>, y: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.image.call(x) + self.text.call(y)
    }
}

fn main() {
    let net = Pair::new(&mut Rng::seed(0));
    let _ = net.infer2(Tensor::<Rank2<8, 2>>::ones(), Tensor::<Rank2<8, 3>>::ones());
}
