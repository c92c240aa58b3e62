// Keys and values of another width. PyTorch: "mat1 and mat2 shapes cannot be multiplied", when it runs.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    attn: MultiheadAttention<8, 2>,
}

impl<const B: usize> Forward2<Rank3<B, 5, 8>, Rank3<B, 7, 6>> for Net {
    type Output = Rank3<B, 5, 8>;
    fn forward2<M: Mode>(&self, x: Shared<Rank3<B, 5, 8>, M>, memory: Shared<Rank3<B, 7, 6>, M>) -> impl Traced<Self::Output, M> {
        let seen = self.attn.call2(x, memory);
        seen.relu()
    }
}

fn main() {}
