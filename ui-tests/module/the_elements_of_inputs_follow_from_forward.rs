// PyTorch's networks name neither shapes nor elements.
use typegrad::prelude::*;

#[derive(Module)]
#[module(inputs = ((Rank1<16>, i64), (Rank1<16>, i64)))]
struct Ratings {
    user: Embedding<30, 8>,
    item: Embedding<20, 8>,
}

impl<const B: usize> Forward2<Rank1<B>, Rank1<B>, f32, i64, i64> for Ratings {
    type Output = Rank1<B>;
    fn forward2<M: Mode>(&self, user: Shared<Rank1<B>, M, i64>, item: Shared<Rank1<B>, M, i64>) -> impl Traced<Self::Output, M> {
        (self.user.call(user) * self.item.call(item)).sum_axis::<-1>()
    }
}

fn main() {}
