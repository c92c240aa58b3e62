// PyTorch's function returns None without `return`.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    a: Linear<8, 16>,
    b: Linear<16, 2>,
}

impl<const B: usize> Forward<Rank2<B, 8>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 8>, M>) -> impl Traced<Self::Output, M> {
        self.a.call(x).shared(|x| {
            self.b.call(x);
        })
    }
}

fn main() {}
