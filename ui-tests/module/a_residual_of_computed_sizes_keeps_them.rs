// PyTorch: "The size of tensor a (8) must match the size of tensor b (6) at non-singleton dimension 3".
use typegrad::prelude::*;

typegrad::check!(Residual<(Conv2d<16, 16, 3, 1, 1>, Relu, Conv2d<16, 16, 3>)>, Rank4<2, 16, 8, 8>);

fn main() {}
