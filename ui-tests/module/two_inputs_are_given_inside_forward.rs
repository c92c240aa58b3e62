// PyTorch runs `net(x, y)` in whatever mode the network was left in.
use typegrad::prelude::*;

fn main() {
    let attn = MultiheadAttention::<8, 2>::new(&mut Rng::seed(0));
    let (x, memory) = (Tensor::<Rank3<2, 7, 8>>::ones(), Tensor::<Rank3<2, 5, 8>>::ones());
    attn.call2(x, memory).mean().backward();
}
