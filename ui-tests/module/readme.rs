// The error in the README. PyTorch: "mat1 and mat2 shapes cannot be multiplied (4x16 and 17x2)", while it runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Mlp {
    fc1: Linear<2, 16>,
    fc2: Linear<17, 2>,
}

impl<const B: usize> Forward<Rank2<B, 2>> for Mlp {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 2>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

fn main() {}
