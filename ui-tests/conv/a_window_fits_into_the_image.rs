// PyTorch: "Given input size: (3x1x2). Calculated output size: (3x1x0). Output size is too small".
// Found when the program is built.
use typegrad::prelude::*;

fn main() {
    let pool = MaxPool1d::<3>::new(&mut Rng::seed(0));
    let _ = pool.infer(Tensor::<Rank3<8, 3, 2>>::ones());
}
