// A slice before a layer is along an axis of the tensor, and the layer is not reported. torch: IndexError: Dimension out of range.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    head: Linear<8, 3>,
}

impl Forward<Rank2<4, 8>> for Net {
    type Output = Rank2<4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.slice::<2, 0, 2>();
        self.head.call(x)
    }
}

fn main() {}
