// PyTorch: "The size of tensor a (16) must match the size of tensor b (8) at non-singleton dimension 1".
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    embedding: Embedding<65, 32>,
    #[module(init = Param::new(Tensor::randn(rng)))]
    position: Param<Rank2<8, 32>>,
}

impl<const B: usize> Forward<Rank2<B, 16>, f32, i64> for Net {
    type Output = Rank3<B, 16, 32>;
    fn forward<M: Mode>(&self, x: Input<Rank2<B, 16>, M, i64>) -> impl Traced<Self::Output, M> {
        self.embedding.call(x) + &self.position
    }
}

fn main() {
    let net = Net::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank2<2, 16>, i64>::full(1)).sum().backward();
}
