// PyTorch broadcasts the norms [32] along the last axis, silently: columns are divided by the norms of rows.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 64>)]
struct Net {
    fc: Linear<64, 32>,
}

impl Forward<Rank2<32, 64>> for Net {
    type Output = Rank2<32, 32>;
    fn forward<M: Mode>(&self, x: Input<Rank2<32, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc.call(x);
        x.shared(|x| x.clone() / (x.norm_axis::<-1>().sqrt() + 1e-6))
    }
}

fn main() {}
