// PyTorch: "expected padding to be a single integer value or a list of 3 values", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank5<2, 3, 4, 8, 8>>::ones();
    let w = Tensor::<Rank5<16, 3, 1, 3, 3>>::ones();
    let _ = x.conv3d_rect::<Window<1>, Window<3>, 1, _>(&w);
}
