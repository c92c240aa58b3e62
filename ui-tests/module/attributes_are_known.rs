// A misspelt attribute is not ignored.
use typegrad::prelude::*;

#[derive(Module)]
struct Net {
    fc: Linear<4, 3>,
    #[module(skipp)]
    scale: f32,
}

fn main() {}
