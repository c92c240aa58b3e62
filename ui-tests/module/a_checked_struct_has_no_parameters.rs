// Sizes are checked for one network: PyTorch has no such check.
use typegrad::prelude::*;

#[derive(Module)]
#[module(input = Rank2<32, 6>)]
struct Mlp<const HIDDEN: usize> {
    fc1: Linear<6, HIDDEN>,
    fc2: Linear<HIDDEN, 3>,
}

fn main() {}
