// PyTorch: "mat1 and mat2 shapes cannot be multiplied (4x9 and 8x3)", while the program runs, and inside a layer.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<8, 3>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Net {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let _ = net.infer(Tensor::<Rank2<4, 9>>::ones());
}
