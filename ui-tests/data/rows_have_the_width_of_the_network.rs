// PyTorch: "mat1 and mat2 shapes cannot be multiplied"; here the rows are compared with what the network takes.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<8, 2>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {
    let rows = typegrad::data::TensorRows::from(Tensor::<Rank2<20, 7>>::ones());
    println!("{}", Net::new(&mut Rng::seed(0)).infer_rows(rows.chunks::<8>()).argmax().len());
}
