// A module is a struct.
use typegrad::prelude::*;

#[derive(Module)]
enum Net {
    Deep(Linear<4, 3>),
}

fn main() {}
