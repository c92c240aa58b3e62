// PyTorch: "permute(): duplicate dims are not allowed", while the program runs.
use typegrad::prelude::*;

fn main() {
    let x = Tensor::<Rank2<3, 4>>::ones();
    let _ = x.permute::<Axes2<1, -1>>();
}
