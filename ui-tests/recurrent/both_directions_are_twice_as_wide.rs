// A bidirectional layer returns twice its units. PyTorch: RuntimeError: mat1 and mat2 shapes cannot be multiplied.
use typegrad::prelude::*;

typegrad::check!((Lstm<3, 5, 1, true>, Linear<5, 2>), Rank3<4, 7, 3>);

fn main() {}
