// PyTorch's attention takes queries, keys and values.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attention: MultiheadAttention<12, 2>,
}

impl<const B: usize> Forward<Rank3<B, 2, 12>> for Net {
    type Output = Rank3<B, 2, 12>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 2, 12>, M>) -> impl Traced<Self::Output, M> {
        let memory = Tensor::<Rank3<B, 5, 12>>::ones();
        self.attention.call(x, memory)
    }
}

fn main() {}
