// PyTorch has one mode for each layer, and none for a tensor.
use typegrad::prelude::*;

fn attended<M: Mode>(attn: &MultiheadAttention<8, 2>, x: Input<Rank3<2, 7, 8>, M>, w: &Param<Rank3<2, 5, 8>>) -> impl Traced<Rank3<2, 7, 8>, M> {
    let memory = Tensor::<Rank3<2, 5, 8>>::ones() * w;
    attn.call_with(x, memory, Mask::none())
}

fn main() {}
