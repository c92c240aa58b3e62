// PyTorch: "permute(): duplicate dims are not allowed", while the program runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<3, 4>>::ones();
    let _ = x.permute::<Axes2<1, -1>>();
}
