// A layer of f64 in a network of f32. PyTorch: "mat1 and mat2 must have the same dtype", when it runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    a: Linear<8, 16, f64>,
    b: Linear<16, 2>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        self.b.call(self.a.call(x).relu())
    }
}

fn main() {}
