// PyTorch: "__init__() got an unexpected keyword argument 'bias'", while the program runs.
use typegrad::prelude::*;

struct Net {
    _relu: NoBias<Relu>,
}

fn main() {}
