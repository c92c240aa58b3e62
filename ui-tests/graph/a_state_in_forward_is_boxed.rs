// PyTorch runs this: each step has its own graph.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    cell: GruCell<4, 8>,
}

impl<const B: usize> Forward<Rank3<B, 5, 4>> for Net {
    type Output = Rank2<B, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 5, 4>, M>) -> impl Traced<Self::Output, M> {
        let mut h = Tensor::<Rank2<B, 8>>::zeros();
        for t in 0..5 {
            h = self.cell.step(x.clone().select::<1>(t), h);
        }
        h.within::<M>()
    }
}

fn main() {}
