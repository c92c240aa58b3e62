// A network derives `Module`. PyTorch: "cannot assign parameters before Module.__init__() call".
use typegrad::prelude::*;

struct Net {
    fc: Linear<3, 2>,
}

impl<const B: usize> Forward<Rank2<B, 3>> for Net {
    type Output = Rank2<B, 2>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 3>, M>) -> impl Traced<Self::Output, M> {
        self.fc.call(x)
    }
}

fn main() {}
