// PyTorch: nothing. The layer is saved and loaded, and learns nothing.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 6>)]
struct Mlp {
    fc1: Linear<6, 4>,
    fc2: Linear<4, 4>,
    fc3: Linear<4, 3>,
}

impl<const B: usize> Forward<Rank2<B, 6>> for Mlp {
    type Output = Rank2<B, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 6>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc3.call(x)
    }
}

fn main() {}
