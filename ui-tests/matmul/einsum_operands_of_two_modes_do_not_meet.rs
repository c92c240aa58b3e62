// PyTorch has no modes in its tensors: a weight that was tracked outside of the module would be accepted.
use typegrad::einsum;
use typegrad::prelude::*;

fn scores<M: Mode>(x: Input<Rank2<2, 3>, M>, weight: &Param<Rank2<3, 4>>) {
    let _ = einsum!("bi,io->bo", x, weight.track());
}

fn main() {}
