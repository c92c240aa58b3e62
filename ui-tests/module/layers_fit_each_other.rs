// PyTorch: "mat1 and mat2 shapes cannot be multiplied (8x32 and 31x10)", while the program runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Mlp {
    fc1: Linear<64, 32>,
    fc2: Linear<31, 10>,
}

impl<const B: usize> Forward<Rank2<B, 64>> for Mlp {
    type Output = Rank2<B, 10>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 64>, M>) -> impl Traced<Self::Output, M> {
        let x = self.fc1.call(x).relu();
        self.fc2.call(x)
    }
}

fn main() {}
