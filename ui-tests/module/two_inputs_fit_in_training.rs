// One tensor as both inputs of a network. PyTorch reports the widths while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Pair {
    image: Linear<2, 8>,
    text: Linear<3, 8>,
}

impl<const B: usize> Forward2<Rank2<B, 2>, Rank2<B, 3>> for Pair {
    type Output = Rank2<B, 8>;
    fn forward2<M: Mode>(&self, image: Shared<Rank2<B, 2>, M>, text: Shared<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.image.call(image) + self.text.call(text)
    }
}

fn main() {
    let net = Pair::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<4, 2>>::ones();
    net.train2(x.clone(), x).powi(2).mean().backward();
}
