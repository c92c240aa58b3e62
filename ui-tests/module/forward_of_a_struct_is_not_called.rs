// PyTorch runs it in whatever mode it is in, so that a forgotten `eval()` goes unnoticed.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 64>)]
struct Net {
    fc: Linear<64, 10>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {
    let scores = Net::new(&mut Rng::seed(0)).forward(Tensor::<Rank2<1, 64>>::ones());
    println!("{}", scores.argmax_axis::<-1>());
}
