// A permutation before a layer names each axis once, and the layer is not reported. torch: duplicate dims are not allowed.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    head: Linear<8, 3>,
}

impl Forward<Rank3<2, 4, 8>> for Net {
    type Output = Rank3<2, 4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.permute::<Axes3<1, 1, 0>>();
        self.head.call(x)
    }
}

fn main() {}
