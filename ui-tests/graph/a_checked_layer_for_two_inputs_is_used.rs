// PyTorch: nothing. The layer is saved and loaded, and learns nothing.
use typegrad::prelude::*;

#[derive(Module)]
#[module(inputs = (Rank1<32>, Rank1<32>))]
struct Ratings {
    users: Embedding<50, 8>,
    items: Embedding<80, 8>,
    bias: Embedding<80, 1>,
}

impl<const B: usize> Forward2<Rank1<B>, Rank1<B>, f32, i64, i64> for Ratings {
    type Output = Rank1<B>;
    fn forward2<M: Mode>(&self, user: Shared<Rank1<B>, M, i64>, item: Shared<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M> {
        (self.users.call(user) * self.items.call(item)).sum_axis::<-1>()
    }
}

fn main() {}
