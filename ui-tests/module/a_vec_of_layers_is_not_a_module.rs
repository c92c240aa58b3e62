// PyTorch does not see the parameters of layers in a plain list: nothing in it is trained or saved.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    layers: Vec<Linear<64, 64>>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 64>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        self.layers[0].call(x)
    }
}

fn main() {
}
