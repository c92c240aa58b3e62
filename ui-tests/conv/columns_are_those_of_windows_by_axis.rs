// PyTorch: "Expected size of input's dimension 1 to be divisible by the product of kernel_size", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let columns = Tensor::<Rank3<1, 8, 6>>::ones();
    let _ = columns.fold_rect::<4, 4, Window<1>, Window<3>>();
}
