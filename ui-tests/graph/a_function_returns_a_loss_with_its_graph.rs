// PyTorch's functions return tensors of one type.
use typegrad::prelude::*;

fn loss<M: Mode>(x: Tensor<Rank2<8, 4>>) -> impl Traced<Rank0, M> {
    x.powi(2).mean()
}

fn main() {}
