// PyTorch: "Given output_size=(4, 4), kernel_size=(2, 2), ..., expected size of input's dimension 2 to match", while it runs.
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let columns = Tensor::<Rank3<1, 8, 6>>::ones();
    let _ = columns.fold::<4, 4, 2, 2, 0, 1>();
}
