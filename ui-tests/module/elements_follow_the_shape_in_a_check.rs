// The shapes of both inputs in a check, where the second argument is an element type.
use typegrad::prelude::*;

typegrad::check!(MultiheadAttention<8, 2>, Rank3<4, 5, 8>, Rank3<4, 7, 8>);

fn main() {}
