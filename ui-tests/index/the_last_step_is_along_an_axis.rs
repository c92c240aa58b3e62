// The last step of an input of one step has an axis too many, and the layer after it is not reported. torch: IndexError: Dimension out of range.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    head: Linear<8, 3>,
}

impl Forward<Rank2<4, 8>> for Net {
    type Output = Rank2<4, 3>;
    fn forward<M: Mode>(&self, x: Input<Rank2<4, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.select_at::<2, -1>();
        self.head.call(x)
    }
}

fn main() {}
