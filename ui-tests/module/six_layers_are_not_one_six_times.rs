// PyTorch's `[layer] * 6` is six references to one layer.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    layers: [Linear<64, 64>; 6],
}

impl<const B: usize> Forward<Rank2<B, 64>> for Net {
    type Output = Rank2<B, 64>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        self.layers.call(x)
    }
}

fn main() {
    let rng = &mut Rng::seed(0);
    let net = Net { layers: [Linear::new(rng); 6] };
    println!("{}", net.num_parameters());
}
