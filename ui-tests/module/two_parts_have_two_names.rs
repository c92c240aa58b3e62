// Two tensors of one name would be one in a state dict.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc1: Linear<4, 3>,
    #[module(rename = "fc1")]
    fc2: Linear<4, 3>,
}

fn main() {}
