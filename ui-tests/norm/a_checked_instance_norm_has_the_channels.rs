// PyTorch: a warning while it runs, "input's size at dim=1 does not match num_features".
use typegrad::prelude::*;

typegrad::check!((Conv2d<3, 8, 3>, InstanceNorm2d<4>), Rank4<2, 3, 5, 7>);

fn main() {}
