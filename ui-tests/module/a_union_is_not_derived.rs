// A module is a struct.
use typegrad::prelude::*;

#[derive(Module)]
union Net {
    deep: u32,
}

fn main() {}
