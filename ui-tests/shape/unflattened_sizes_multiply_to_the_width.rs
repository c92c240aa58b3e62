// PyTorch: "unflatten: Provided sizes [3, 4, 4] don't multiply up to the size of dim 1 (50)", while the program runs.
use typegrad::prelude::*;

typegrad::check!((Linear<2, 50>, Unflatten<Rank3<3, 4, 4>>), Rank2<8, 2>);

fn main() {}
