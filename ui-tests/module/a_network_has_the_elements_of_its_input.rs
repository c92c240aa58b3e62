// PyTorch: "mat1 and mat2 must have the same dtype, but got Double and Float", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<2, 1>,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Net {
    type Output = Rank2<B, 1>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    let x = Tensor::<Rank2<4, 2>, f64>::ones();
    println!("{}", net.infer(x));
}
