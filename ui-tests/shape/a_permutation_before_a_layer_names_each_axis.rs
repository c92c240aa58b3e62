// A permutation before a layer names as many axes as there are, and the layer is not reported. torch: number of dimensions does not match.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    head: Linear<8, 3>,
}

impl Forward<Rank4<2, 4, 4, 8>> for Net {
    type Output = Rank4<2, 4, 4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank4<2, 4, 4, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.permute::<Axes3<2, 0, 1>>();
        self.head.call(x)
    }
}

fn main() {}
