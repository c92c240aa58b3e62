// PyTorch: "The size of tensor a (64) must match the size of tensor b (128) at non-singleton dimension 1".
use typegrad::prelude::*;

#[derive(Module)]
struct Block {
    conv: Conv1d<64, 128, 3, 1, 1>,
}

impl<const B: usize> Forward<Rank3<B, 64, 8>> for Block {
    type Output = Rank3<B, 64, 8>;
    fn forward<M: Mode>(&self, x: Input<Rank3<B, 64, 8>, M>) -> impl Traced<Self::Output, M> {
        let y = self.conv.call(x.clone()).relu();
        x + y
    }
}

fn main() {
    let net = Block::new(&mut Rng::seed(0));
    net.train(Tensor::<Rank3<2, 64, 8>>::ones()).sum().backward();
}
