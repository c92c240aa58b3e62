// A width that was computed is compared with that of the normalization, too. PyTorch finds out when it runs.
use typegrad::prelude::*;

typegrad::check!((Lstm<3, 5, 1, true>, RmsNorm<8>), Rank3<4, 7, 3>);

fn main() {}
