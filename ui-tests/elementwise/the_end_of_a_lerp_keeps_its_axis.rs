// PyTorch broadcasts [32] against [32, 32] along the last axis, silently: rows move to the means of columns.
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
        x.shared(|x| x.clone().lerp(x.mean_axis::<-1>(), 0.5))
    }
}

fn main() {}
