// PyTorch keeps a plain tensor that was assigned to a module out of parameters() and state_dict(), silently.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 3>,
    scale: f32,
}

fn main() {}
