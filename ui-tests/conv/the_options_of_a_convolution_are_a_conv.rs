// The options of `conv2d` are `Conv<STRIDE, ..>`: the kernel is that of the weight. torch: arguments, which may be in any order.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    weight: Param<Rank4<4, 3, 3, 3>>,
    head: Conv2d<4, 3, 3>,
}

impl Forward<Rank4<2, 3, 8, 8>> for Net {
    type Output = Rank4<2, 3, 4, 4>;
    fn forward<M: Mode>(&self, x: Input<Rank4<2, 3, 8, 8>, M>) -> impl Traced<Self::Output, M> {
        let x = x.conv2d::<Window<3>, _>(&self.weight);
        self.head.call(x).with_shape()
    }
}

fn main() {}
