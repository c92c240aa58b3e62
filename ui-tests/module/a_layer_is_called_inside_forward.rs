// In a `forward`, PyTorch has no other way to run a layer; `infer` is for networks, outside of modules.

use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 2>,
}

impl<const B: usize> Forward<Rank2<B, 4>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 4>, M>) -> impl Traced<Self::Output, M> {
        self.fc.infer(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    println!("{}", net.infer(Tensor::<Rank2<3, 4>>::ones()));
}
