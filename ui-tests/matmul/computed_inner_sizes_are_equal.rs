// PyTorch: "Expected size for first two dimensions of batch2 tensor to be: [2, 9] but got: [2, 7].", while it runs.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank3<2, 4, 9>)]
struct Net(Conv1d<4, 8, 3, 1, 1>, Conv1d<4, 8, 5, 1, 1>);

impl Forward<Rank3<2, 4, 9>> for Net {
    type Output = Rank3<2, 8, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<2, 4, 9>, M>) -> impl Traced<Self::Output, M> {
        self.0.call(x.clone()).matmul(self.1.call(x).transpose::<1, 2>())
    }
}

fn main() {}
