// A layer after a bidirectional one takes both halves. PyTorch: RuntimeError: input.size(-1) must be equal to input_size.
use typegrad::prelude::*;

typegrad::check!((Lstm<3, 5, 1, true>, Gru<5, 2>), Rank3<4, 7, 3>);

fn main() {}
