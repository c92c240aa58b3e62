// Groups are equal. PyTorch raises when the layer is made: "num_channels (4) must be divisible by num_groups (3)".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let _ = GroupNorm::<3, 4>::new(&mut Rng::seed(0));
}
