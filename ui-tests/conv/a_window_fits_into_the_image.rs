// PyTorch: "Given input size: (16x2x2). Calculated output size: (16x0x0). Output size is too small".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let pool = MaxPool2d::<3>::new(&mut Rng::seed(0));
    let _ = pool.infer(Tensor::<Rank4<8, 16, 2, 2>>::ones());
}
