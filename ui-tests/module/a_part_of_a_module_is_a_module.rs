// A layer of your own derives `Module`. PyTorch: "cannot assign parameters before Module.__init__() call".
use typegrad::prelude::*;

struct Block {
    fc: Linear<4, 4>,
}

#[derive(Module)]
struct Net {
    block: Block,
    fc: Linear<4, 2>,
}

fn main() {}
