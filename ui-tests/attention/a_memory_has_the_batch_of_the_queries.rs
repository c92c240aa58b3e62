// Each example attends to its own memory; PyTorch raises a RuntimeError about a view of an invalid shape.
use typegrad::prelude::*;

fn answer<M: Mode>(
    attn: &MultiheadAttention<8, 2>,
    x: Shared<Rank3<2, 3, 8>, M>,
    memory: Shared<Rank3<4, 5, 8>, M>,
) -> impl Traced<Rank3<2, 3, 8>, M> {
    attn.call_with(x, memory, Mask::none())
}

fn main() {}
