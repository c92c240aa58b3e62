// PyTorch: "stack expects each tensor to be equal size, but got [2, 8, 9] at entry 0 and [2, 8, 7] at entry 1", while it runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 4, 9>)]
struct Net(Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 1>);

impl Forward<Rank3<2, 4, 9>> for Net {
    type Output = Rank4<2, 2, 8, 9>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 9>, M>) -> impl Traced<Self::Output, M> {
        (self.0.call(x.clone()), self.1.call(x)).stack::<0>().with_shape()
    }
}

fn main() {}
